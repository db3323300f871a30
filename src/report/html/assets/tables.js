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

  /** What a word of the filter asks of a row; a text where it names no column. */
  const conditionOf = (word) => {
    const [, key, sign, number] = /^(.+?)(<=|>=|<|>|=)([-+.\d].*)$/.exec(word) ?? []
    if (key === undefined || Number.isNaN(Number(number)))
      return (row) => row.textContent.toLowerCase().includes(word.toLowerCase())
    const column = headings.findIndex(({ dataset }) => dataset.key.toLowerCase() === key.toLowerCase())
    if (column < 0) return `no column '${key}'`
    return (row) => {
      const value = valueAt(row, column)
      return typeof value === 'number' && tests[sign](value, Number(number))
    }
  }

  input.addEventListener('input', () => {
    const conditions = input.value.split(/\s+/).filter(Boolean).map(conditionOf)
    const wrong = conditions.find((condition) => typeof condition === 'string')
    let shown = 0
    for (const row of rows) {
      row.hidden = wrong === undefined && !conditions.every((condition) => condition(row))
      if (!row.hidden) shown++
    }
    status.textContent = wrong ?? `${shown} of ${rows.length} ${box.dataset.rows}`
    input.setAttribute('aria-invalid', String(wrong !== undefined))
  })
}
