/* A stand-in for NVIDIA's libcuda.so.1, for machines without a GPU.
 *
 * It lets libgpuarray open "cuda0" and build kernels for real: NVRTC is the
 * real one, and linking runs the real ptxas. A kernel is never executed, so
 * results are whatever was in memory. It proves that kernels build and that
 * launches keep the limits of a device; it says nothing about what they
 * compute.
 *
 *     gcc -shared -fPIC -Wl,-soname,libcuda.so.1 -o libcuda.so.1 driver.c
 *
 * STANDIN_ARCH     compute capability times ten (default 90)
 * STANDIN_DRIVER   CUDA version of the driver (default 12040)
 * STANDIN_DEVICES  number of devices (default 1)
 * STANDIN_PTXAS    path of ptxas; without it, modules are not assembled
 * STANDIN_MEMORY   bytes of the device (default 64 GiB)
 * STANDIN_LOST     the launch at which the device is lost (default never)
 * STANDIN_REPORT   file for the counts, written as the process ends
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100,
       INVALID_DEVICE = 101, INVALID_PTX = 218, NOT_FOUND = 500,
       LOST = 719, UNKNOWN = 999 };

extern char **environ;

typedef unsigned long long Address;

/* What lies before every block of "device" memory. */
typedef struct { size_t size, pad[63]; } Header;

typedef struct { char *image; size_t size; } Link;

static struct { long modules, rejected, launches, refused; } counts;
static size_t used;
static int lost;

static long setting(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text && *text ? atol(text) : otherwise;
}

static void report(void) {
  const char *path = getenv("STANDIN_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "{\"modules\": %ld, \"rejected\": %ld, \"launches\": %ld, "
          "\"refused\": %ld}\n", counts.modules, counts.rejected,
          counts.launches, counts.refused);
  fclose(file);
}

int cuInit(unsigned flags) {
  static int done;
  (void)flags;
  if (!done++) atexit(report);
  return setting("STANDIN_DEVICES", 1) ? SUCCESS : NO_DEVICE;
}

int cuDriverGetVersion(int *version) {
  *version = (int)setting("STANDIN_DRIVER", 12040);
  return SUCCESS;
}

int cuGetErrorName(int error, const char **name) {
  *name = error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY"
        : error == LOST ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR_UNKNOWN";
  return SUCCESS;
}

int cuGetErrorString(int error, const char **text) {
  *text = error == OUT_OF_MEMORY ? "out of memory"
        : error == LOST ? "unspecified launch failure"
        : "refused by the stand-in driver";
  return SUCCESS;
}

int cuGetExportTable(const void **table, const void *id) {
  (void)id; *table = NULL; return NOT_FOUND;
}

/* Devices and contexts: there is one context, and it is always current. */

int cuDeviceGetCount(int *count) {
  *count = (int)setting("STANDIN_DEVICES", 1);
  return SUCCESS;
}

int cuDeviceGet(int *device, int ordinal) {
  *device = ordinal;
  return ordinal < setting("STANDIN_DEVICES", 1) ? SUCCESS : INVALID_DEVICE;
}

int cuDeviceGetName(char *name, int size, int device) {
  (void)device;
  snprintf(name, (size_t)size, "stand-in (no GPU)");
  return SUCCESS;
}

int cuDeviceGetPCIBusId(char *name, int size, int device) {
  (void)device;
  snprintf(name, (size_t)size, "0000:00:00.0");
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t *size, int device) {
  (void)device;
  *size = (size_t)setting("STANDIN_MEMORY", 64L << 30);
  return SUCCESS;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  long arch = setting("STANDIN_ARCH", 90);
  (void)device;
  switch (attribute) {
    case 1: case 2: case 3: *value = 1024; break;  /* threads of a block */
    case 4: *value = 64; break;                    /* depth of a block */
    case 5: *value = 2147483647; break;            /* grid: x, y, z */
    case 6: case 7: *value = 65535; break;
    case 8: *value = 49152; break;                 /* shared bytes of one */
    case 10: *value = 32; break;                   /* warp */
    case 12: *value = 65536; break;                /* registers of a block */
    case 16: *value = 80; break;                   /* multiprocessors */
    case 39: *value = 2048; break;                 /* threads of one */
    case 75: *value = (int)(arch / 10); break;
    case 76: *value = (int)(arch % 10); break;
    default: *value = 1;                           /* can it: yes */
  }
  return SUCCESS;
}

static void *const context = (void *)0x1000;

int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
  (void)device; *flags = 0; *active = 0; return SUCCESS;
}
int cuDevicePrimaryCtxSetFlags(int device, unsigned flags) {
  (void)device; (void)flags; return SUCCESS;
}
int cuDevicePrimaryCtxRetain(void **result, int device) {
  (void)device; *result = context; return SUCCESS;
}
int cuDevicePrimaryCtxRelease(int device) { (void)device; return SUCCESS; }
int cuCtxGetDevice(int *device) { *device = 0; return SUCCESS; }
int cuCtxPushCurrent_v2(void *pushed) { (void)pushed; return SUCCESS; }
int cuCtxPopCurrent_v2(void **popped) {
  if (popped) *popped = context;
  return SUCCESS;
}

/* Linking: PTX through the real ptxas. */

static int spawn(char *const arguments[]) {
  pid_t child;
  int status;
  if (posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ))
    return -1;
  if (waitpid(child, &status, 0) < 0) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int assemble(const char *ptxas, const char *ptx, size_t size) {
  char source[] = "/tmp/standin-XXXXXX.ptx", arch[16];
  int descriptor = mkstemps(source, 4), failed;
  FILE *file;
  if (descriptor < 0 || !(file = fdopen(descriptor, "w"))) return 1;
  failed = fwrite(ptx, 1, size, file) != size;
  failed |= fclose(file) != 0;
  snprintf(arch, sizeof arch, "-arch=sm_%ld", setting("STANDIN_ARCH", 90));
  char *const arguments[] = {(char *)ptxas, arch, "-o", "/dev/null", source,
                             NULL};
  failed = failed || spawn(arguments) != 0;
  unlink(source);
  return failed;
}

int cuLinkCreate_v2(unsigned count, int *options, void **values,
                    Link **link) {
  (void)count; (void)options; (void)values;
  *link = calloc(1, sizeof(Link));
  return *link ? SUCCESS : OUT_OF_MEMORY;
}

int cuLinkCreate(unsigned count, int *options, void **values, Link **link) {
  return cuLinkCreate_v2(count, options, values, link);
}

int cuLinkAddData(Link *link, int type, void *data, size_t size,
                  const char *name, unsigned count, void *options,
                  void *values) {
  const char *ptxas = getenv("STANDIN_PTXAS"), *ptx = data;
  (void)type; (void)name; (void)count; (void)options; (void)values;
  while (size && !ptx[size - 1]) size--;
  counts.modules++;
  if (ptxas && assemble(ptxas, ptx, size)) {
    counts.rejected++;
    return INVALID_PTX;
  }
  link->image = calloc(1, size + 1);
  if (!link->image) return OUT_OF_MEMORY;
  memcpy(link->image, ptx, link->size = size);
  return SUCCESS;
}

int cuLinkAddData_v2(Link *link, int type, void *data, size_t size,
                     const char *name, unsigned count, void *options,
                     void *values) {
  return cuLinkAddData(link, type, data, size, name, count, options, values);
}

int cuLinkComplete(Link *link, void **image, size_t *size) {
  *image = link->image;
  *size = link->size;
  return link->image ? SUCCESS : INVALID_VALUE;
}

int cuLinkDestroy(Link *link) {
  free(link->image);
  free(link);
  return SUCCESS;
}

/* Modules and functions: a module is a copy of its image, in which the
   functions must be entries. */

int cuModuleLoadDataEx(void **module, const void *image, unsigned count,
                       void *options, void *values) {
  (void)count; (void)options; (void)values;
  *module = strdup(image);
  return *module ? SUCCESS : OUT_OF_MEMORY;
}

int cuModuleLoadData(void **module, const void *image) {
  return cuModuleLoadDataEx(module, image, 0, NULL, NULL);
}

int cuModuleUnload(void *module) { free(module); return SUCCESS; }

int cuModuleGetFunction(char **function, void *module, const char *name) {
  char entry[512];
  snprintf(entry, sizeof entry, ".entry %s(", name);
  if (!strstr(module, entry)) return NOT_FOUND;
  *function = strdup(name);
  return *function ? SUCCESS : OUT_OF_MEMORY;
}

int cuFuncGetAttribute(int *value, int attribute, void *function) {
  (void)function;
  *value = attribute == 0 ? 1024 : 0;   /* most threads of a block */
  return SUCCESS;
}

int cuLaunchKernel(const char *name, unsigned gx, unsigned gy, unsigned gz,
                   unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   void *stream, void **parameters, void **extra) {
  unsigned long threads = (unsigned long)bx * by * bz;
  long when = setting("STANDIN_LOST", -1);
  (void)stream; (void)parameters; (void)extra;
  lost |= when >= 0 && counts.launches >= when;
  counts.launches++;
  if (lost) return LOST;
  if (!gx || !gy || !gz || gx > 2147483647u || gy > 65535 || gz > 65535 ||
      !threads || threads > 1024 || bz > 64 || shared > 49152) {
    fprintf(stderr, "stand-in driver: refused to launch %s, grid %u %u %u, "
            "block %u %u %u, %u bytes shared\n", name, gx, gy, gz, bx, by,
            bz, shared);
    counts.refused++;
    return INVALID_VALUE;
  }
  return SUCCESS;
}

/* Memory: the host's, with a bound. */

int cuMemGetInfo_v2(size_t *unused, size_t *total) {
  cuDeviceTotalMem_v2(total, 0);
  *unused = *total - used;
  return SUCCESS;
}

int cuMemAlloc_v2(Address *address, size_t size) {
  size_t unused, total;
  Header *header;
  cuMemGetInfo_v2(&unused, &total);
  if (lost) return LOST;
  if (size > unused || posix_memalign((void **)&header, sizeof(Header),
                                      sizeof(Header) + size))
    return OUT_OF_MEMORY;
  memset(header, 0, sizeof(Header) + size);
  header->size = size;
  used += size;
  *address = (Address)(header + 1);
  return SUCCESS;
}

int cuMemFree_v2(Address address) {
  Header *header = (Header *)address - 1;
  used -= header->size;
  free(header);
  return SUCCESS;
}

int cuMemAllocHost_v2(void **address, size_t size) {
  *address = calloc(1, size);
  return *address ? SUCCESS : OUT_OF_MEMORY;
}

int cuMemFreeHost(void *address) { free(address); return SUCCESS; }

static int copy(void *target, const void *source, size_t size) {
  if (lost) return LOST;
  memmove(target, source, size);
  return SUCCESS;
}

int cuMemcpyHtoD_v2(Address target, const void *source, size_t size) {
  return copy((void *)target, source, size);
}
int cuMemcpyHtoDAsync_v2(Address target, const void *source, size_t size,
                         void *stream) {
  (void)stream;
  return copy((void *)target, source, size);
}
int cuMemcpyDtoHAsync_v2(void *target, Address source, size_t size,
                         void *stream) {
  (void)stream;
  return copy(target, (void *)source, size);
}
int cuMemcpyDtoDAsync_v2(Address target, Address source, size_t size,
                         void *stream) {
  (void)stream;
  return copy((void *)target, (void *)source, size);
}
int cuMemcpyPeerAsync(Address target, void *to, Address source, void *from,
                      size_t size, void *stream) {
  (void)to; (void)from; (void)stream;
  return copy((void *)target, (void *)source, size);
}
int cuMemsetD8Async(Address target, unsigned char value, size_t size,
                    void *stream) {
  (void)stream;
  if (lost) return LOST;
  memset((void *)target, value, size);
  return SUCCESS;
}
int cuIpcGetMemHandle(void *handle, Address address) {
  (void)handle; (void)address; return INVALID_VALUE;
}
int cuIpcOpenMemHandle(Address *address, void *handle, unsigned flags) {
  (void)address; (void)handle; (void)flags; return INVALID_VALUE;
}
int cuIpcCloseMemHandle(Address address) {
  (void)address; return INVALID_VALUE;
}

/* Streams and events: all is done when a call returns. */

int cuStreamCreate(void **stream, unsigned flags) {
  (void)flags; *stream = context; return SUCCESS;
}
int cuStreamDestroy_v2(void *stream) { (void)stream; return SUCCESS; }
int cuStreamSynchronize(void *stream) {
  (void)stream; return lost ? LOST : SUCCESS;
}
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
  (void)stream; (void)event; (void)flags; return SUCCESS;
}
int cuEventCreate(void **event, unsigned flags) {
  (void)flags; *event = context; return SUCCESS;
}
int cuEventDestroy_v2(void *event) { (void)event; return SUCCESS; }
int cuEventRecord(void *event, void *stream) {
  (void)event; (void)stream; return lost ? LOST : SUCCESS;
}
int cuEventSynchronize(void *event) {
  (void)event; return lost ? LOST : SUCCESS;
}
