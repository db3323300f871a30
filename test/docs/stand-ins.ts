// Files that a reader of the documentation has, and the project has not: seeded ones of the same format.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import seedrandom from 'seedrandom'
import { root } from './guide.ts'

/** A file by its name, as the commands name it. */
export const standIns: Readonly<Record<string, () => string | Uint8Array>> = {
  'test_batch.bin': cifarPictures,
  'my-cnv.json': () => readFileSync(join(root, 'models/cnv-cifar10.json')),
  'cnv-cifar10.bin': () => readFileSync(join(root, 'models/cnv-cifar10.bin')),
  'requests.trace': memoryRequests,
}

/** 1000 pictures of noise in the binary version of CIFAR-10: a label, then 3 planes of 32 x 32 pixels. */
function cifarPictures(): Uint8Array {
  const random = seedrandom('test_batch.bin')
  const record = 1 + 3 * 32 * 32
  return Uint8Array.from({ length: 1000 * record }, (_, i) => Math.floor(random() * (i % record === 0 ? 10 : 256)))
}

/** One request in 20 cycles, one in four of them a write, to 64 KiB. */
function memoryRequests(): string {
  const random = seedrandom('requests.trace')
  const line = (_: unknown, i: number) =>
    `0x${(64 * Math.floor(random() * 1024)).toString(16)} ${random() < 0.25 ? 'WRITE' : 'READ'} ${20 * i}\n`
  return Array.from({ length: 2000 }, line).join('')
}
