// Runs statements of SQL, one in a line of standard input, in DuckDB; prints the rows of each as a line of JSON.
import { DuckDBInstance } from '@duckdb/node-api'
import { createInterface } from 'node:readline'

const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
for await (const statement of createInterface({ input: process.stdin })) {
  const result = await connection.runAndReadAll(statement)
  console.log(JSON.stringify(result.getRowsJson()))
}
