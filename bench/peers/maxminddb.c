/* The C library libmaxminddb on the same files and addresses as our own reader and index.
 *
 *   maxminddb lookup FILE         < addresses, one a line  > "prefix-length data-offset" a line, or "-"
 *   maxminddb bench  FILE ADDRESSES ROUNDS                 > median nanoseconds a lookup
 *
 * ADDRESSES holds 16 bytes an address; IPv4 in the first 4, and then the file name ends in ".v4".
 * The time is that of MMDB_lookup_sockaddr alone: nothing is parsed and no record is decoded.
 */
#include <arpa/inet.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int lookup(MMDB_s *db)
{
    char line[128];
    while (fgets(line, sizeof line, stdin)) {
        int gai = 0, error = 0;
        line[strcspn(line, "\n")] = 0;
        MMDB_lookup_result_s found = MMDB_lookup_string(db, line, &gai, &error);
        if (gai || error || !found.found_entry) puts("-");
        else printf("%u %u\n", found.netmask, found.entry.offset);
    }
    return 0;
}

static int bench(MMDB_s *db, const char *path, int rounds)
{
    int is_v4 = strcmp(path + strlen(path) - 3, ".v4") == 0;
    FILE *file = fopen(path, "rb");
    if (!file) return perror(path), 1;
    fseek(file, 0, SEEK_END);
    long count = ftell(file) / 16;
    rewind(file);
    struct sockaddr_storage *addresses = calloc((size_t)count, sizeof *addresses);
    for (long i = 0; i < count; i++) {
        unsigned char bytes[16];
        if (fread(bytes, 16, 1, file) != 1) return fputs("short read\n", stderr), 1;
        if (is_v4) {
            struct sockaddr_in *v4 = (struct sockaddr_in *)&addresses[i];
            v4->sin_family = AF_INET;
            memcpy(&v4->sin_addr, bytes, 4);
        } else {
            struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&addresses[i];
            v6->sin6_family = AF_INET6;
            memcpy(&v6->sin6_addr, bytes, 16);
        }
    }
    fclose(file);
    double *times = calloc((size_t)rounds, sizeof *times);
    unsigned long found = 0;
    for (int round = 0; round < rounds; round++) {
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        for (long i = 0; i < count; i++) {
            int error = 0;
            found += MMDB_lookup_sockaddr(db, (struct sockaddr *)&addresses[i], &error).found_entry;
        }
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[round] = ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) / (double)count;
    }
    qsort(times, (size_t)rounds, sizeof *times, by_value);
    printf("%.2f %lu\n", times[rounds / 2], found / (unsigned long)rounds);
    return 0;
}

int main(int argc, char **argv)
{
    MMDB_s db;
    if (argc < 3) return fputs("maxminddb lookup FILE | bench FILE ADDRESSES ROUNDS\n", stderr), 2;
    int status = MMDB_open(argv[2], MMDB_MODE_MMAP, &db);
    if (status != MMDB_SUCCESS) return fprintf(stderr, "%s: %s\n", argv[2], MMDB_strerror(status)), 1;
    if (strcmp(argv[1], "lookup") == 0) return lookup(&db);
    return argc < 5 ? 2 : bench(&db, argv[3], atoi(argv[4]));
}
