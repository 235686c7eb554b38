/* A stand-in for libcublas.so.12: the functions that libgpuarray asks for,
 * all of which succeed and compute nothing. See driver.c.
 *
 *     gcc -shared -fPIC -Wl,-soname,libcublas.so.12 -o libcublas.so.12 cublas.c
 */
int cublasCreate_v2(void **handle) { *handle = (void *)0x3000; return 0; }

/* Major, minor, patch. */
int cublasGetProperty(int part, int *value) {
  static const int version[] = {12, 4, 5};
  *value = version[part];
  return 0;
}

#define NOTHING(name) int cublas##name(void) { return 0; }
NOTHING(Destroy_v2)
NOTHING(SetStream_v2)
NOTHING(SetPointerMode_v2)
NOTHING(GetPointerMode_v2)
NOTHING(SetAtomicsMode)
NOTHING(Sdot_v2)
NOTHING(Ddot_v2)
NOTHING(Sgemm_v2)
NOTHING(Dgemm_v2)
NOTHING(Sgemv_v2)
NOTHING(Dgemv_v2)
NOTHING(Sger_v2)
NOTHING(Dger_v2)
NOTHING(SgemmEx)
NOTHING(GemmEx)
NOTHING(SgemmBatched)
NOTHING(DgemmBatched)
NOTHING(HgemmStridedBatched)
NOTHING(SgemmStridedBatched)
NOTHING(DgemmStridedBatched)
