/** E1: generates the id of a new product or deal. */
export type NewId = () => string

declare module 'fastify' {
  interface FastifyInstance {
    newId: NewId
  }
}
