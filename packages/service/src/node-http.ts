/**
 * Node's module `http`. An `import` would read all of its exports, which loads Node's own fetch and
 * HTTP/2 and takes 60 ms of CPU time at each start of a process.
 */
export const http = process.getBuiltinModule('node:http')
