// How charts look on a light page and on a dark one: ECharts themes, as plain values.

interface Ink {
  readonly text: string
  readonly faint: string
  readonly line: string
  readonly page: string
}

const inks = {
  light: { text: '#1b2530', faint: '#4a5663', line: '#d5dbe1', page: '#ffffff' },
  dark: { text: '#e8edf2', faint: '#aab5c0', line: '#38424d', page: '#161b21' },
} as const satisfies Record<string, Ink>

/** Axes carry a halo of the page's colour, since lines of parallel coordinates cross them. */
function theme({ text, faint, line, page }: Ink) {
  const halo = { textBorderColor: page, textBorderWidth: 3 }
  const axis = {
    axisLine: { lineStyle: { color: faint } },
    axisTick: { lineStyle: { color: faint } },
    axisLabel: { color: faint, ...halo },
    nameTextStyle: { color: faint, ...halo },
    splitLine: { lineStyle: { color: line } },
    minorSplitLine: { lineStyle: { color: line, opacity: 0.4 } },
  }
  return {
    textStyle: { color: text },
    legend: { textStyle: { color: text } },
    bar: { label: { color: text } },
    scatter: { label: { color: text } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    tooltip: { backgroundColor: page, borderColor: faint, textStyle: { color: text } },
  }
}

export const themes = { light: theme(inks.light), dark: theme(inks.dark) }

/** Behind pictures that stand alone. */
export const paper = inks.light.page
