// Snippets for what needs a label: branches, calls, addresses, literals.

const conditions = ['eq', 'ne', 'cs', 'cc', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le', 'al']

const skip = (branch: string): string => `${branch} 1f\nadd x5, x5, #1\n1:\nadd x4, x4, #3`
const afterFlags = (setter: string): string[] => conditions.map((code) => `${setter}\n${skip(`b.${code}`)}`)
const call = (body: string): string => `mov x9, x30\n${body}\nmov x30, x9`

export const snippets: readonly string[] = [
  skip('b'),
  ...conditions.map((code) => skip(`b.${code}`)),
  ...afterFlags('cmp x0, x1'),
  ...afterFlags('cmp w0, w1, sxtb'),
  ...afterFlags('subs w2, w0, #1'),
  ...afterFlags('cmn x0, x1'),
  ...afterFlags('adcs x2, x0, x1'),
  ...afterFlags('ands w2, w0, w1'),
  ...afterFlags('fcmp s0, s1'),
  ...afterFlags('fcmp d0, #0.0'),
  ...afterFlags('cmp x0, x1\nccmp w2, w3, #5, ne'),
  ...afterFlags('cmp x0, x1\nfccmp d2, d3, #9, ge'),
  // What was compared may change before the branch.
  ...afterFlags('subs x0, x0, x1\nmov x1, #3'),
  ...conditions.slice(0, -1).map((code) => `cmp x0, x1\ncset x0, ${code}\ncsel x2, x3, x4, ${code}`),
  ...['cbz', 'cbnz'].flatMap((name) => [skip(`${name} x0,`), skip(`${name} w1,`)]),
  ...['tbz', 'tbnz'].flatMap((name) => [0, 5, 31, 63].map((bit) => skip(`${name} x0, #${bit},`))),
  // Loops: within one block, over two, and around a call.
  'mov x0, #10\n1:\nadd x1, x1, x0\nsubs x0, x0, #1\nb.ne 1b',
  'mov x0, #10\n1:\nadd x1, x1, x0\ntbz x0, #1, 2f\neor x1, x1, #255\n2:\nsubs x0, x0, #1\nb.ne 1b',
  call('mov x0, #5\n1:\nbl 2f\nsubs x0, x0, #1\nb.ne 1b\nb 3f\n2:\nadd x1, x1, x0\nret\n3:'),
  call('adr x0, 2f\nblr x0\nb 3f\n2:\nadd x1, x1, #7\nret\n3:\nmov x0, #0'),
  'adr x0, 2f\nbr x0\nadd x1, x1, #7\n2:\nmov x0, #0',
  'adr x0, 1f\nadr x1, 2f\nsub x2, x1, x0\nmov x0, #0\nmov x1, #0\n1:\nnop\n2:',
  'adrp x0, 1f\nadd x0, x0, :lo12:1f\nadr x1, 1f\nsub x2, x1, x0\nmov x0, #0\nmov x1, #0\n1:',
  ...['x0', 'w0', 's0', 'd0', 'q0'].map(
    (register) => `ldr ${register}, 1f\n.section .rodata\n.balign 16\n1:\n.quad 0x123456789abcdef0, -5\n.text`,
  ),
]
