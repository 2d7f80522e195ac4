import { optionalPostgresAddress, port, portList, text } from '../kinds.ts'

/** Additional settings of `make run` and `make test`. */
export const local = {
  DATABASE_URL: optionalPostgresAddress(
    'An existing PostgreSQL 18, with a role that can create roles; if it is not set, one is started',
  ),
  DATABASE_NAME: text('flash_deal', 'The database that is created and migrated'),
  POSTGRES_PORT: port(8432, 'Port of the PostgreSQL that is started'),
  VALKEY_PORT: port(8379, 'Port of the Valkey that is started'),
  KAFKA_PORT: port(8392, 'Port of the Kafka that is started, with SCENARIO_H2'),
  KAFKA_CONTROLLER_PORT: port(8393, 'Port of its controller'),
  ENVOY_GATEWAY_PORT: port(
    8010,
    'Port of the Node gateway behind Envoy (SCENARIO_H5=envoy); Envoy listens on GATEWAY_PORT',
  ),
  REDLOCK_PORTS: portList(
    [8381, 8382, 8383],
    'Ports of the three Valkeys that are started for SCENARIO_M1=redlock',
  ),
  STATE_DIR: text(
    '.local',
    'Folder for data, keys and downloaded tools; it can be deleted when nothing runs',
  ),
}
