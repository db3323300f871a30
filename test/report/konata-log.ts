// Reads a Konata log by its published grammar, and refuses what breaks it.

export interface Shown {
  readonly id: number
  readonly sequence: number
  readonly labels: string[]
  readonly stages: { readonly name: string; readonly start: number; end: number | null }[]
  readonly producers: { readonly id: number; readonly cycle: number }[]
  readonly begin: number
  retire: number | null
}

const integer = (text: string | undefined): number => {
  if (text === undefined || !/^\d+$/.test(text)) throw new Error(`not a number: ${text}`)
  return Number(text)
}

export function readKonata(log: string): Shown[] {
  const [header, ...lines] = log.split('\n')
  if (header !== 'Kanata\t0004') throw new Error(`header: ${header}`)
  if (lines.pop() !== '') throw new Error('the last line does not end')
  const shown: Shown[] = []
  let cycle: number | null = null
  const alive = (id: string | undefined): Shown => {
    const found = shown[integer(id)]
    if (found === undefined || cycle === null) throw new Error(`no instruction ${id} yet`)
    if (found.retire !== null) throw new Error(`instruction ${id} has retired`)
    return found
  }
  for (const [at, line] of lines.entries()) {
    const [command, ...parts] = line.split('\t')
    const expected: Record<string, number> = { 'C=': 1, C: 1, I: 3, L: 3, S: 3, E: 3, R: 3, W: 3 }
    if (expected[command!] !== parts.length) throw new Error(`line ${at + 2}: '${line}'`)
    if (command === 'C=' && at === 0) cycle = integer(parts[0])
    else if (command === 'C' && cycle !== null && integer(parts[0]) > 0) cycle += integer(parts[0])
    else if (command === 'I' && cycle !== null) {
      const [id, sequence] = parts.map(integer)
      if (id !== shown.length) throw new Error(`identifier ${id} is not the next one`)
      shown.push({ id, sequence: sequence!, labels: [], stages: [], producers: [], begin: cycle, retire: null })
    } else if (command === 'L') alive(parts[0]).labels[integer(parts[1])] = parts[2]!
    else if (command === 'S') start(alive(parts[0]), parts, cycle!)
    else if (command === 'E') end(alive(parts[0]), parts, cycle!)
    else if (command === 'R') alive(parts[0]).retire = cycle
    else if (command === 'W') {
      const producer = shown[integer(parts[1])]
      if (producer === undefined || parts[2] !== '0') throw new Error(`line ${at + 2}: '${line}'`)
      alive(parts[0]).producers.push({ id: producer.id, cycle: cycle! })
    } else throw new Error(`line ${at + 2}: '${line}'`)
  }
  for (const { id, retire, stages } of shown) {
    if (retire === null) throw new Error(`instruction ${id} never retires`)
    if (stages.some((stage) => stage.end === null)) throw new Error(`instruction ${id} never ends a stage`)
  }
  return shown
}

function start(of: Shown, [, lane, name]: readonly string[], cycle: number): void {
  const last = of.stages.at(-1)
  if (lane !== '0' || (last !== undefined && last.end !== cycle)) throw new Error(`stages of ${of.id} do not join`)
  of.stages.push({ name: name!, start: cycle, end: null })
}

function end(of: Shown, [, lane, name]: readonly string[], cycle: number): void {
  const last = of.stages.at(-1)
  if (lane !== '0' || last?.name !== name || last?.end !== null || last.start >= cycle)
    throw new Error(`${of.id} does not end ${name}`)
  last.end = cycle
}
