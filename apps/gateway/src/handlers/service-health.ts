import type { FastifyRequest } from 'fastify'

export const authHealth = ({ server }: FastifyRequest) => server.healthOf('auth')
export const productHealth = ({ server }: FastifyRequest) => server.healthOf('product')
export const orderHealth = ({ server }: FastifyRequest) => server.healthOf('order')
