// Sorting and filtering of the page's tables.

for (const box of document.querySelectorAll('.sortable')) {
  const headings = [...box.querySelectorAll('thead th')]
  const body = box.querySelector('tbody')
  const rows = [...body.rows]
  const input = box.querySelector('input')
  const status = box.querySelector('.count')

  /** A number where the cell has one, else its text. */
  const valueAt = (row, column) => {
    const { dataset, textContent } = row.cells[column]
    return dataset.value === undefined ? textContent : Number(dataset.value)
  }

  /** Numbers by size, texts as readers expect, and what is not known last whichever way. */
  const sortBy = (column, direction) => {
    const compare = (a, b) => {
      const [x, y] = [valueAt(a, column), valueAt(b, column)]
      if (x === '-' || y === '-') return (x === '-') - (y === '-')
      if (typeof x === 'number' && typeof y === 'number') return direction * (x - y)
      return direction * String(x).localeCompare(String(y), 'en', { numeric: true })
    }
    body.append(...rows.sort(compare))
    for (const [i, heading] of headings.entries())
      if (i === column) heading.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending')
      else heading.removeAttribute('aria-sort')
  }
  for (const [column, heading] of headings.entries())
    heading
      .querySelector('button')
      .addEventListener('click', () => sortBy(column, heading.getAttribute('aria-sort') === 'ascending' ? -1 : 1))

  const tests = {
    '<': (x, y) => x < y,
    '>': (x, y) => x > y,
    '<=': (x, y) => x <= y,
    '>=': (x, y) => x >= y,
    '=': (x, y) => x === y,
  }

  /** Columns by what filters may call them: `scale` is how many of the cells' unit one of the name's is. */
  const named = headings.flatMap((heading, column) =>
    JSON.parse(heading.dataset.names).map(([name, scale]) => ({ name, scale, column })),
  )
  const numeric = ({ column }) => headings[column].classList.contains('number')

  /** The words before an operator, as many of the last as name a column. Throws what is wrong with them. */
  const columnOf = (text, sign) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    for (let from = 0; from < words.length; from++) {
      const called = named.filter(({ name }) => name === words.slice(from).join('-'))
      const found = called.some(numeric) ? called.filter(numeric) : called
      const columns = [...new Set(found.map(({ column }) => headings[column].dataset.key))]
      if (columns.length > 1) throw `'${words.slice(from).join(' ')}' is ambiguous: ${columns.join(' or ')}`
      if (columns.length === 1) return { ...found[0], words: words.slice(0, from) }
    }
    throw words.length === 0 ? `expected a column before '${sign}'` : `no column '${words.at(-1)}'`
  }

  /** Whether a cell fulfils a condition. Throws what is wrong with it. */
  const conditionOf = ({ column, scale }, sign, value) => {
    const { key } = headings[column].dataset
    if (!numeric({ column })) {
      if (sign !== '=' || value === '') throw `'${key}' has words: expected ${key}=WORD`
      return (row) => row.cells[column].textContent.toLowerCase() === value
    }
    const number = Number((Number(value || Number.NaN) * scale).toPrecision(15))
    if (Number.isNaN(number)) throw `expected a number after '${key}${sign}'`
    return (row) => {
      const cell = valueAt(row, column)
      return typeof cell === 'number' && tests[sign](cell, number)
    }
  }

  /** What a filter asks of a row: words that it has, and conditions. Throws what is wrong with it. */
  const conditionsOf = (text) => {
    const [start, ...parts] = text.toLowerCase().split(/(<=|>=|<|>|=)/)
    const conditions = []
    let before = start
    for (let i = 0; i < parts.length; i += 2) {
      const { words, ...column } = columnOf(before, parts[i])
      const [, value, rest] = /^\s*(\S*)(.*)$/s.exec(parts[i + 1])
      conditions.push(...words.map(hasWord), conditionOf(column, parts[i], value))
      before = rest
    }
    return [...conditions, ...before.split(/\s+/).filter(Boolean).map(hasWord)]
  }
  const hasWord = (word) => (row) => row.textContent.toLowerCase().includes(word)

  input.addEventListener('input', () => {
    let conditions = []
    let wrong
    try {
      conditions = conditionsOf(input.value)
    } catch (message) {
      wrong = message
    }
    let shown = 0
    for (const row of rows) {
      row.hidden = !conditions.every((condition) => condition(row))
      if (!row.hidden) shown++
    }
    status.textContent =
      wrong === undefined ? `${shown} of ${rows.length} ${box.dataset.rows}` : `${wrong}; all are shown`
    input.setAttribute('aria-invalid', String(wrong !== undefined))
  })
}
