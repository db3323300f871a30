// Charts of the page: drawn from plain options, again when the colour scheme or the width changes.

;(() => {
  const { figures, themes, columns, fronts } = JSON.parse(document.getElementById('charts').textContent)
  const charts = new Map()
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const narrow = matchMedia('(max-width: 600px)')
  const root = document.documentElement
  let patterns = false

  const schemeNow = () => root.dataset.scheme ?? (dark.matches ? 'dark' : 'light')
  const numberText = (value) =>
    typeof value !== 'number'
      ? (value ?? '-')
      : value.toLocaleString('en-US', Number.isInteger(value) ? {} : { maximumSignificantDigits: 5 })
  const escaped = (text) => {
    const element = document.createElement('span')
    element.textContent = text
    return element.innerHTML
  }

  /** The options of a figure, with what needs functions or the width of the page. */
  const optionOf = ({ option, legend, unit }) => {
    const tooltip = { ...option.tooltip, valueFormatter: (value) => `${numberText(value)} ${unit}` }
    if (option.tooltip?.trigger === 'item')
      tooltip.formatter = ({ data, name }) => (data?.hover ?? [name]).map(escaped).join('<br>')
    const result = {
      ...option,
      tooltip,
      animation: false,
      aria: { enabled: patterns, label: { enabled: false }, decal: { show: patterns } },
      legend: { show: false, data: legend.map(({ name }) => name) },
    }
    if (!narrow.matches) return result
    if (result.yAxis?.type === 'category')
      result.yAxis = { ...result.yAxis, axisLabel: { ...result.yAxis.axisLabel, width: 96 } }
    if (result.parallel !== undefined) {
      result.parallel = { ...result.parallel, layout: 'vertical', left: 24, right: 24, top: 40, bottom: 30 }
      result.parallelAxis = result.parallelAxis.map((axis) => ({
        ...axis,
        nameLocation: axis.inverse ? 'end' : 'start',
        splitNumber: 3,
        nameTextStyle: { align: 'left', verticalAlign: 'bottom', padding: [0, 0, 8, 0] },
      }))
    }
    return result
  }

  const draw = (place) => {
    const figure = figures[place.dataset.figure]
    const option = optionOf(figure)
    const flat = option.parallel?.layout === 'vertical'
    place.style.setProperty('--height', `${flat ? 90 * option.parallelAxis.length + 40 : figure.height}px`)
    charts.get(place)?.dispose()
    place.textContent = ''
    const chart = echarts.init(place, themes[schemeNow()], { renderer: 'svg' })
    chart.setOption(option)
    charts.set(place, chart)
    addLegend(place, figure)
  }
  const drawMissing = () => {
    for (const place of document.querySelectorAll('[data-figure]'))
      if (place.offsetParent !== null && !charts.has(place)) draw(place)
  }
  /** Charts that are hidden are drawn when they are shown. */
  const redraw = () => {
    for (const [place, chart] of charts) {
      chart.dispose()
      charts.delete(place)
    }
    drawMissing()
    for (const button of document.querySelectorAll('.legend [aria-pressed=false]')) toggleSeries(button)
  }

  const toggleSeries = (button) =>
    charts.get(button.closest('figure').querySelector('[data-figure]'))?.dispatchAction({
      type: button.getAttribute('aria-pressed') === 'true' ? 'legendSelect' : 'legendUnSelect',
      name: button.dataset.series,
    })

  /** Buttons that show and hide series: they wrap on narrow pages, and keys reach them. */
  const addLegend = (place, { legend }) => {
    const box = place.closest('figure').querySelector('.legend')
    if (box.children.length > 0) return
    for (const { name, colour, meaning } of legend) {
      const button = document.createElement('button')
      button.type = 'button'
      button.dataset.series = name
      button.setAttribute('aria-pressed', 'true')
      if (meaning !== undefined) button.title = meaning
      const swatch = document.createElement('span')
      swatch.className = 'swatch'
      swatch.style.background = colour
      button.append(swatch, name)
      button.addEventListener('click', () => {
        button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'))
        toggleSeries(button)
      })
      box.append(button)
    }
  }

  // Which variant is shown.
  const variant = document.getElementById('variant')
  const showVariant = () => {
    for (const part of document.querySelectorAll('.variant')) part.hidden = part.id !== variant.value
    drawMissing()
  }
  variant?.addEventListener('change', showVariant)

  // Which figures the scatter chart sets against each other.
  const [across, up] = ['across', 'up'].map((id) => document.getElementById(id))
  const setAxes = () => {
    const figure = figures[across.dataset.for]
    const [x, y] = [columns[across.value], columns[up.value]]
    const axis = (old, column) => ({ ...old, type: column.words ? 'category' : 'value', name: column.label })
    const front = fronts[`${across.value} ${up.value}`] ?? []
    const [points, line] = figure.option.series
    const place = (i) => [x.values[i], y.values[i]]
    figure.option = {
      ...figure.option,
      xAxis: axis(figure.option.xAxis, x),
      yAxis: axis(figure.option.yAxis, y),
      series: [
        { ...points, data: points.data.map((point, i) => ({ ...point, value: place(i) })) },
        { ...line, data: front.map(place) },
      ],
    }
    const chart = document.querySelector(`[data-figure="${across.dataset.for}"]`)
    chart.setAttribute('aria-label', `${y.label} against ${x.label}, ${points.data.length} points.`)
    if (charts.has(chart)) draw(chart)
  }
  for (const select of [across, up]) select?.addEventListener('change', setAxes)

  // Colour scheme: that of the system until the button is used.
  const button = document.getElementById('scheme')
  const nameScheme = () => {
    button.textContent = schemeNow() === 'dark' ? 'Light' : 'Dark'
    button.setAttribute('aria-label', `Use ${button.textContent.toLowerCase()} colours`)
  }
  button.addEventListener('click', () => {
    root.dataset.scheme = schemeNow() === 'dark' ? 'light' : 'dark'
    nameScheme()
    redraw()
  })
  dark.addEventListener('change', () => {
    nameScheme()
    redraw()
  })
  const patternButton = document.getElementById('patterns')
  patternButton.addEventListener('click', () => {
    patterns = !patterns
    patternButton.setAttribute('aria-pressed', String(patterns))
    redraw()
  })

  let width = root.clientWidth
  addEventListener('resize', () => {
    if (root.clientWidth === width || matchMedia('print').matches) return
    width = root.clientWidth
    redraw()
  })

  // On paper: light colours, and open what readers cannot open there.
  let kept
  const opened = []
  addEventListener('beforeprint', () => {
    kept = root.dataset.scheme ?? ''
    root.dataset.scheme = 'light'
    root.classList.add('paper')
    redraw()
    for (const part of document.querySelectorAll('details.print:not([open])')) {
      part.open = true
      opened.push(part)
    }
  })
  addEventListener('afterprint', () => {
    for (const part of opened.splice(0)) part.open = false
    if (kept === '') delete root.dataset.scheme
    else root.dataset.scheme = kept
    root.classList.remove('paper')
    redraw()
  })

  root.classList.add('scripts')
  nameScheme()
  if (variant !== null) showVariant()
  drawMissing()
})()
