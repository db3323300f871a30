// Builds functions: statements one behind another, locals, structured control, and helpers shared by the module.

import { type Code, code, get, type Local, type Statement, type Type, unsigned } from './code.ts'
import { type DefinedFunction, encodeModule, type ImportedFunction, type Signature } from './module.ts'

/** Depth of a control construct, from 1. */
export type Label = number

export class ModuleBuilder {
  private readonly imports: readonly ImportedFunction[]
  private readonly indices = new Map<string, number>()
  private readonly functions: DefinedFunction[] = []

  constructor(imports: readonly ImportedFunction[]) {
    this.imports = imports
    for (const [i, { name }] of imports.entries()) this.indices.set(name, i)
  }

  /** Index of the function `name`, which is built at the first call. */
  define(name: string, signature: Signature, build: (builder: FunctionBuilder) => Code<Type>): number {
    const known = this.indices.get(name)
    if (known !== undefined) return known
    const builder = new FunctionBuilder(this, signature.parameters)
    // Helpers that `build` calls are added before.
    const index = this.add(builder, build(builder), null)
    this.indices.set(name, index)
    return index
  }

  /** Index of the function that `builder` holds and that returns `result`. */
  add(builder: FunctionBuilder, result: Code<Type>, exportName: string | null): number {
    const parameters = builder.parameters.map(({ type }) => type)
    this.functions.push({
      parameters,
      result: result.type,
      locals: builder.types.slice(parameters.length),
      body: [...builder.code(), ...result.bytes],
      exportName,
    })
    return this.imports.length + this.functions.length - 1
  }

  /** Of a function that is imported or defined. */
  indexOf(name: string): number {
    return this.indices.get(name)!
  }

  encode(memoryPages: number): Uint8Array<ArrayBuffer> {
    return encodeModule(memoryPages, this.imports, this.functions)
  }
}

export class FunctionBuilder {
  readonly module: ModuleBuilder
  /** Types of the parameters, then of all locals. */
  readonly types: Type[]
  readonly parameters: readonly Local<Type>[]
  private bytes: number[] = []
  private depth = 0
  private readonly free = new Map<Type, Local<Type>[]>()
  private readonly kept: Local<Type>[] = []

  constructor(module: ModuleBuilder, parameters: readonly Type[]) {
    this.module = module
    this.types = [...parameters]
    this.parameters = parameters.map((type, index) => ({ type, index }))
  }

  code(): readonly number[] {
    return this.bytes
  }

  local<T extends Type>(type: T): Local<T> {
    this.types.push(type)
    return { type, index: this.types.length - 1 }
  }

  do(statement: Statement): void {
    for (const byte of statement) this.bytes.push(byte)
  }

  set<T extends Type>(local: Local<T>, value: Code<T>): void {
    this.do(value.bytes)
    this.do([0x21, ...unsigned(local.index)])
  }

  /** Evaluates `value` now, once; what it returns may be used often, until `releaseKept`. */
  keep<T extends Type>(value: Code<T>): Code<T> {
    const pool = this.free.get(value.type)
    const local = (pool?.pop() as Local<T> | undefined) ?? this.local(value.type)
    this.kept.push(local)
    this.set(local, value)
    return get(local)
  }

  releaseKept(): void {
    for (const local of this.kept.reverse()) {
      const pool = this.free.get(local.type)
      if (pool === undefined) this.free.set(local.type, [local])
      else pool.push(local)
    }
    this.kept.length = 0
  }

  /** Calls the function of the module that is named `name`; `build` says what it does, at the first call. */
  call<T extends Type, A extends readonly Code<Type>[]>(
    name: string,
    type: T,
    operands: A,
    build: (builder: FunctionBuilder, ...parameters: A) => Code<T>,
  ): Code<T> {
    const signature = { parameters: operands.map((operand) => operand.type), result: type }
    const index = this.module.define(name, signature, (builder) =>
      build(builder, ...(builder.parameters.map(get) as readonly Code<Type>[] as A)),
    )
    return code(type, operands, [0x10, ...unsigned(index)])
  }

  callImported<T extends Type>(name: string, type: T, operands: readonly Code<Type>[]): Code<T> {
    return code(type, operands, [0x10, ...unsigned(this.module.indexOf(name))])
  }

  /** Control enters behind a block, and at the start of a loop, when it branches to their label. */
  open(construct: 'block' | 'loop'): Label {
    this.bytes.push(construct === 'block' ? 0x02 : 0x03, 0x40)
    return ++this.depth
  }

  close(): void {
    this.bytes.push(0x0b)
    this.depth--
  }

  if(condition: Code<'i32'>, then: () => void): void {
    this.do(condition.bytes)
    this.bytes.push(0x04, 0x40)
    this.depth++
    then()
    this.close()
  }

  branch(label: Label): void {
    this.do([0x0c, ...unsigned(this.depth - label)])
  }

  branchIf(condition: Code<'i32'>, label: Label): void {
    this.do(condition.bytes)
    this.do([0x0d, ...unsigned(this.depth - label)])
  }

  /** To `labels[index]`, and to the last one for any index beyond. */
  branchTable(index: Code<'i32'>, labels: readonly Label[]): void {
    this.do(index.bytes)
    this.do([0x0e, ...unsigned(labels.length - 1)])
    for (const label of labels) this.do(unsigned(this.depth - label))
  }

  /** Puts what `build` emits before all else; it must leave no construct open. */
  prepend(build: () => void): void {
    const rest = this.bytes
    this.bytes = []
    build()
    this.bytes = [...this.bytes, ...rest]
  }
}
