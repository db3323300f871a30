// A paper with claims that take a second: variants of LFC, and counts of networks.

export const experiment = `
network: lfc-w1a1
images: { count: 1 }
machine: lfc-z7020
energy: zynq-28nm
variants:
  - { name: baseline, passes: [] }
  - { name: fast, passes: [], set: { machine.clock: 200 MHz } }
`

export const paper = `
citation: "A. Author, Title, 2000"
experiments:
  lfc: { experiment: ./e.yaml }
quantities:
  count: { quantity: multiplications, network: reactnet-a-nf }
claims:
  - id: speed
    claim: Runs faster
    unit: times
    published: { value: 4, source: abstract }
    neutral: 1
    basis: independent
    ours: { of: lfc, variant: fast, figure: clockHz, over: { variant: baseline } }
    bars: [{ label: "images/s, fast", of: lfc, variant: fast, figure: imagesPerSecond }]
    why: The clock is twice as fast, and nothing else is.
  - id: multiplications
    claim: Multiplies so often
    unit: million
    published: { value: 14.65, source: table 1 }
    basis: derived
    ours: { of: count, figure: published, times: 1e-6 }
    why: The same rule.
`

export const files = { 'e.yaml': experiment, 'author2000.yaml': paper }
