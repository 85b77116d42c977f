/** What outlives a process: the schema with its migrations, the stores, the embedded PostgreSQL. */
package io.peerhub.persistence;
