import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { bnnsim } from './bnnsim.ts'
import { inProcess } from './in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
afterAll(() => rmSync(folder, { recursive: true }))

const trace = join(folder, 'requests.trace')
writeFileSync(trace, '0x0 READ 100\n0x40 READ 200\n0x80 WRITE 201\n')
writeFileSync(`${trace}.gz`, gzipSync('0x0 READ 100\n0x40 READ 200\n0x80 WRITE 201\n'))

describe('dram', () => {
  it('has the stable keys, plain or compressed', async () => {
    const flags = ['--memory', 'ddr3-1600-order-a', '--format', 'json']
    const { stdout, error } = await inProcess('dram', trace, ...flags)
    expect(error).toBeNull()
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      memory: 'ddr3-1600-order-a',
      requests: 3,
      reads: 2,
      writes: 1,
      lastReadDoneCycle: 217,
      totalCycles: 218,
      meanReadLatencyCycles: 22.5,
      maxReadLatencyCycles: 28,
      readLatencyPercentiles: { p50: 17, p90: 28, p99: 28 },
      readLatencyHistogram: [{ from: 16, below: 32, reads: 2 }],
      rowHits: 1,
      linesRead: 2,
      linesWritten: 0,
      activates: 1,
      precharges: 0,
      refreshes: 0,
      energyPicojoules: { activate: 10651.5, read: 7992, write: 0, refresh: 0 },
    })
    expect(report.energyPicojoules.background).toBeCloseTo(1.25 * (388.8 * 2 * 218 + 162 * (218 - 102)), 6)
    expect(await bnnsim('dram', `${trace}.gz`, ...flags)).toEqual({ status: 0, stderr: '', stdout })
  })

  it('takes changes of the memory, and runs on to a cycle', async () => {
    const flags = ['--memory', 'ddr3-1600-order-b', '--set', 'timing.CL.value=13', '--until', '8000']
    const { stdout } = await inProcess('dram', trace, ...flags, '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ lastReadDoneCycle: 219, totalCycles: 8000, refreshes: 2, precharges: 1 })
    const text = await inProcess('dram', trace, ...flags)
    expect(text.stdout).toMatch(/^requests +3: 2 reads, 1 write$/m)
    expect(text.stdout).toMatch(/^read latency +mean 24\.500 cycles/m)
    expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('notes requests that wrapped around', async () => {
    const far = join(folder, 'far.trace')
    writeFileSync(far, '0x40000000 READ 0\n')
    expect((await inProcess('dram', far, '--memory', 'lpddr2-900')).stdout).toMatch(/1 request beyond the end/)
  })

  it.each([
    [[trace], /Missing required argument: memory|missing required argument: memory/],
    [
      [trace, '--memory', 'ddr3-1600-order-c'],
      /no 'ddr3-1600-order-c' in configs\/memories; did you mean 'ddr3-1600-order-a'/,
    ],
    [[trace, '--memory', 'ddr3-1066', '--set', 'timing.CLL.value=3'], /--set timing\.CLL\S*: /],
    [[trace, '--memory', 'ddr3-1066', '--set', 'organization.banks.value=6'], /expected a power of two/],
    [[trace, '--memory', 'ddr3-1066', '--until', '-1'], /--until: expected a whole number/],
    [[join(folder, 'none'), '--memory', 'ddr3-1066'], /none: cannot be read \(ENOENT\)/],
  ])('refuses %j', async (args, message) => {
    const { stdout, error } = await inProcess('dram', ...args)
    expect(stdout).toBe('')
    expect(error).toMatch(message)
    expect(error).not.toContain('\n')
  })

  it('names the bad line of a trace', async () => {
    const bad = join(folder, 'bad.trace')
    writeFileSync(bad, '0x0 READ 100\n0x40 REED 200\n')
    const { status, stderr } = await bnnsim('dram', bad, '--memory', 'ddr3-1066')
    expect(status).toBe(2)
    expect(stderr).toBe(`bnnsim: ${bad}:2: expected READ or WRITE; did you mean 'READ'?; got "REED 200"\n`)
  })
})
