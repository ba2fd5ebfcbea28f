// The C library's allocator, counted. Its own calls come here, too.
#include <stddef.h>
#include <errno.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);
int allocations;

void *malloc(size_t n) { return ++allocations, __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return ++allocations, __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return ++allocations, __libc_realloc(p, n); }
void *memalign(size_t align, size_t n) { return ++allocations, __libc_memalign(align, n); }
void *aligned_alloc(size_t align, size_t n) { return ++allocations, __libc_memalign(align, n); }
int posix_memalign(void **p, size_t align, size_t n) {
  ++allocations;
  *p = __libc_memalign(align, n);
  return *p ? 0 : ENOMEM;
}
void free(void *p) { __libc_free(p); }
