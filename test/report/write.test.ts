import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFolder, resultFiles, writeFolder } from '../../src/report/write.ts'
import { problem, withFiles } from '../config/files.ts'
import { sampleDocument } from './samples.ts'

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8')

describe('writeFolder', () => {
  it('makes the folder and writes the files of a result, and nothing else', () => {
    const folder = join(withFiles({}), 'deep', 'results')
    const document = sampleDocument()
    writeFolder(folder, resultFiles(document, 'name: sample\n'))
    expect(readdirSync(folder).sort()).toEqual([
      'config.yaml',
      'result.csv',
      'result.json',
      'result.txt',
      'stats.json',
      'stats.txt',
    ])
    expect(JSON.parse(read(folder, 'result.json'))).toEqual(document)
    expect(read(folder, 'config.yaml')).toBe('name: sample\n')
  })

  it('replaces its own files and leaves others alone', () => {
    const folder = withFiles({ 'result.csv': 'old', 'notes.txt': 'mine' })
    writeFolder(folder, { 'result.csv': 'new' })
    expect([read(folder, 'result.csv'), read(folder, 'notes.txt')]).toEqual(['new', 'mine'])
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('leaves nothing behind where one file cannot be put in place', () => {
    const folder = withFiles({ 'b/in-the-way': '', 'notes.txt': 'mine' })
    expect(problem(() => writeFolder(folder, { a: '1', b: '2', c: '3' }), folder)).toContain(
      'expected a folder that can be written (',
    )
    expect(readdirSync(folder).sort()).toEqual(['b', 'notes.txt'])
  })

  it('leaves old files as they are where the new ones cannot all be written', () => {
    const folder = withFiles({ a: 'old' })
    expect(problem(() => writeFolder(folder, { a: 'new', 'no/such/folder': '' }))).toContain('(ENOENT)')
    expect(read(folder, 'a')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('takes away the folders it made when it fails', () => {
    const folder = withFiles({})
    expect(problem(() => writeFolder(join(folder, 'x', 'y'), { a: '1', 'no/such': '' }))).toContain('(ENOENT)')
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })

  it('says in one line that a file is no folder', () => {
    const folder = withFiles({ taken: '' })
    expect(problem(() => writeFolder(join(folder, 'taken', 'results'), { a: '1' }), folder)).toBe(
      'taken/results: expected a folder that can be written (ENOTDIR)',
    )
    expect(problem(() => writeFolder(join(folder, 'taken'), { a: '1' }), folder)).toBe(
      'taken: expected a folder that can be written (EEXIST)',
    )
  })
})

describe('checkFolder', () => {
  it('leaves no trace of a folder that can be written', () => {
    const folder = withFiles({ 'notes.txt': 'mine' })
    checkFolder(join(folder, 'deep', 'results'))
    checkFolder(folder)
    expect(readdirSync(folder)).toEqual(['notes.txt'])
  })

  it('refuses what writeFolder would', () => {
    const folder = withFiles({ taken: '' })
    expect(problem(() => checkFolder(join(folder, 'taken')), folder)).toBe(
      'taken: expected a folder that can be written (EEXIST)',
    )
  })
})

it('refuses a folder of results of another kind, and no other', () => {
  const folder = withFiles({ 'sweep.json': '{}' })
  expect(problem(() => checkFolder(folder, 'result.json'))).toMatch(/expected a folder without sweep\.json/)
  expect(() => checkFolder(folder, 'sweep.json')).not.toThrow()
  expect(() => checkFolder(folder)).not.toThrow()
})
