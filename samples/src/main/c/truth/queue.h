// A bounded queue between threads, of tickets only.
#ifndef QUEUE_H
#define QUEUE_H
#include "truth.h"

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int room;
  int held;
};

#define QUEUE(room) {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, room, 0}

static inline void put(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  while (q->held == q->room) {
    pthread_cond_wait(&q->changed, &q->mutex);
  }
  q->held++;
  pthread_cond_signal(&q->changed);
  pthread_mutex_unlock(&q->mutex);
}

static inline void take(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  while (q->held == 0) {
    pthread_cond_wait(&q->changed, &q->mutex);
  }
  q->held--;
  pthread_cond_signal(&q->changed);
  pthread_mutex_unlock(&q->mutex);
}
#endif
