import { build, checkNode, install } from './lib.mjs'

checkNode()
install()
build()
