import { getJwks } from './get-jwks.ts'
import { getMyProfile } from './get-my-profile.ts'
import { loginUser } from './login-user.ts'
import { refreshToken } from './refresh-token.ts'
import { registerUser } from './register-user.ts'
import { verifyToken } from './verify-token.ts'

export const handlers = {
  getJwks,
  getMyProfile,
  loginUser,
  refreshToken,
  registerUser,
  verifyToken,
}
