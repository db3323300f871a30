// HTML as text in which everything that is put in is escaped, but for what is HTML already.

/** HTML that needs no escaping. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | undefined | readonly Part[]

/** Template tag: parts are escaped unless they are markup; lists are put one after another, undefined is nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(texts.map((text, i) => text + (i < parts.length ? textOf(parts[i]) : '')).join(''))

function textOf(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(textOf).join('')
  return escaped(String(part))
}

/** `text` for an element or for an attribute in quotes. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** `text` with what stands in backticks as code. */
export const prose = (text: string): Markup =>
  html`${text.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`

/** The text of a script that can stand in a page: nothing in it ends its element or begins a comment. */
export const scriptText = (text: string): Markup =>
  new Markup(text.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--'))

/** `value` as JSON inside a script element. */
export const jsonText = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'))

/** `name` as a part of a file's name, an id or an address: letters, digits and hyphens. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '') || 'x'

/** Slugs of `names`, each another: later ones of the same slug are numbered. */
export function slugs(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let unique = slug(name)
    for (let i = 2; taken.has(unique); i++) unique = `${slug(name)}-${i}`
    taken.add(unique)
    return unique
  })
}
