// A database in write-ahead mode under a load of threads, each with a connection of its own: transactions that write
// under one mutex, because SQLite has one writer at a time, and then read without it.
//
//   sqlite_load FILE THREADS SECONDS
//
// transaction_done() is the progress point. At the end: "transactions N seconds S".
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 20000, WRITES = 4, READS = 4 };

static const char *const schema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=1000;"
    "CREATE TABLE account(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, region INTEGER NOT NULL, balance INTEGER NOT NULL,"
    " note TEXT);"
    "CREATE INDEX account_region ON account(region, balance);";

static const char *file;
static double seconds;
static long begun;
static pthread_mutex_t writer = PTHREAD_MUTEX_INITIALIZER;
static long transactions;

static long now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

__attribute__((noinline, used, visibility("default"))) void transaction_done(void) {
  __asm__ volatile("nop");  // the kernel puts no probe on what would be first, an instruction with a lock prefix
  __atomic_fetch_add(&transactions, 1, __ATOMIC_RELAXED);
}

static void must(sqlite3 *db, int result, const char *what) {
  if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
    fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : sqlite3_errstr(result));
    exit(2);
  }
}

static void run(sqlite3 *db, const char *sql) { must(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static sqlite3 *open_database(void) {
  sqlite3 *db = NULL;
  must(db, sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), "open");
  sqlite3_busy_timeout(db, 10000);
  return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *s = NULL;
  must(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL), sql);
  return s;
}

static uint64_t next(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return *seed >> 33;
}

static void fill(sqlite3 *db) {
  run(db, schema);
  run(db, "BEGIN");
  sqlite3_stmt *insert = prepare(db, "INSERT INTO account VALUES(?1, printf('owner %d', ?1 % 997), ?1 % 50, ?2, '')");
  uint64_t seed = 1;
  for (int id = 0; id < ROWS; id++) {
    sqlite3_bind_int(insert, 1, id);
    sqlite3_bind_int64(insert, 2, (sqlite3_int64)(next(&seed) % 100000));
    must(db, sqlite3_step(insert), "insert");
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  run(db, "COMMIT");
}

// SQLite has one writer at a time; without this mutex the others would poll.
static void write_some(sqlite3 *db, sqlite3_stmt *begin, sqlite3_stmt *update, sqlite3_stmt *commit, uint64_t *seed) {
  pthread_mutex_lock(&writer);
  must(db, sqlite3_step(begin), "begin");
  sqlite3_reset(begin);
  for (int i = 0; i < WRITES; i++) {
    sqlite3_bind_int64(update, 1, (sqlite3_int64)(next(seed) % ROWS));
    sqlite3_bind_int64(update, 2, (sqlite3_int64)(next(seed) % 1000) - 500);
    must(db, sqlite3_step(update), "update");
    sqlite3_reset(update);
  }
  must(db, sqlite3_step(commit), "commit");
  sqlite3_reset(commit);
  pthread_mutex_unlock(&writer);
}

static void read_some(sqlite3 *db, sqlite3_stmt *query, uint64_t *seed) {
  for (int i = 0; i < READS; i++) {
    sqlite3_bind_int64(query, 1, (sqlite3_int64)(next(seed) % 50));
    sqlite3_bind_int64(query, 2, (sqlite3_int64)(next(seed) % 80000));
    int result;
    while ((result = sqlite3_step(query)) == SQLITE_ROW) {
    }
    must(db, result, "query");
    sqlite3_reset(query);
  }
}

static void *client(void *number) {
  uint64_t seed = (uint64_t)(long)number + 1;
  sqlite3 *db = open_database();
  sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE");
  sqlite3_stmt *commit = prepare(db, "COMMIT");
  sqlite3_stmt *update = prepare(
      db, "UPDATE account SET balance = abs(balance + ?2), note = printf('%d at %s', ?2, hex(owner)) WHERE id = ?1");
  sqlite3_stmt *query = prepare(db,
                                "SELECT owner, count(*), sum(balance), max(length(note)) FROM account"
                                " WHERE region = ?1 AND balance BETWEEN ?2 AND ?2 + 20000 AND owner LIKE '%7%'"
                                " GROUP BY owner ORDER BY 3 DESC LIMIT 5");
  while (now_nanos() - begun < (long)(seconds * 1e9)) {
    write_some(db, begin, update, commit, &seed);
    read_some(db, query, &seed);
    transaction_done();
  }
  sqlite3_finalize(begin);
  sqlite3_finalize(commit);
  sqlite3_finalize(update);
  sqlite3_finalize(query);
  sqlite3_close(db);
  return NULL;
}

int main(int argc, char **argv) {
  int threads = argc == 4 ? atoi(argv[2]) : 0;
  seconds = argc == 4 ? atof(argv[3]) : 0;
  if (threads < 1 || threads > 64 || seconds <= 0) {
    fprintf(stderr, "usage: sqlite_load FILE THREADS SECONDS\n");
    return 2;
  }
  // Its statistics of memory take one mutex at every allocation: threads would mostly wait for each other.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // Nor are they to give memory back to the kernel and ask for it again, time and again.
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
  file = argv[1];
  sqlite3 *db = open_database();
  fill(db);
  puts("ready");
  fflush(stdout);
  begun = now_nanos();
  pthread_t clients[64];
  for (long i = 0; i < threads; i++) {
    if (pthread_create(&clients[i], NULL, client, (void *)i) != 0) {
      perror("pthread_create");
      return 2;
    }
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(clients[i], NULL);
  }
  printf("transactions %ld seconds %.6f\n", transactions, (double)(now_nanos() - begun) / 1e9);
  sqlite3_close(db);
  return 0;
}
