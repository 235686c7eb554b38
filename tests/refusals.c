/* A machine that refuses what some do not offer: -DFLOCK=37 makes every
 * flock fail with errno 37. To be preloaded. */
#include <errno.h>
#include <semaphore.h>
#include <sys/types.h>

#define REFUSE(number) do { errno = number; return -1; } while (0)

#ifdef FLOCK
int flock(int file, int operation) { REFUSE(FLOCK); }
#endif
#ifdef FSYNC
int fsync(int file) { REFUSE(FSYNC); }
#endif
#ifdef CHMOD
int chmod(const char *path, mode_t mode) { REFUSE(CHMOD); }
int fchmodat(int folder, const char *path, mode_t mode, int flags)
{
    REFUSE(CHMOD);
}
#endif
#ifdef SEM_OPEN
sem_t *sem_open(const char *name, int flags, ...)
{
    errno = SEM_OPEN;
    return SEM_FAILED;
}
#endif
