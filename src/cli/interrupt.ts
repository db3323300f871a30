// Ctrl-C while something long is under way.

/** The first Ctrl-C asks to stop after the image at hand; a second ends the process. */
export function stopOnInterrupt() {
  let asked = false
  const listener = (): void => {
    asked = true
  }
  process.once('SIGINT', listener)
  return { requested: () => asked, release: () => process.removeListener('SIGINT', listener) }
}
