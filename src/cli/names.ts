// Names that the command line takes, for shells to complete.

import { shippedConfigs } from '../config/shipped.ts'

/** Names of the configurations in a folder that ships. */
export const configNames = (folder: string) => (): string[] => [...shippedConfigs(folder).keys()]
