#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

/// What the machine itself can do: bare programs that do the least that a measure needs, and
/// nothing else. Each prints "NAME VALUE" lines; whatever fails ends the program.
namespace fristvakt::bench {

using Machine = std::chrono::steady_clock;
using Arguments = std::vector<std::string>;

inline double seconds_since(Machine::time_point begin) {
    return std::chrono::duration<double>(Machine::now() - begin).count();
}

[[noreturn]] inline void die(const std::string& why) {
    std::fprintf(stderr, "bench_limits: %s\n", why.c_str());
    std::exit(1);
}

inline void print(const char* name, double value) {
    std::printf("%s %.9g\n", name, value);
}

/// The value below which `part` of them lie; sorts.
[[nodiscard]] double percentile(std::vector<double>& values, double part);

/// One database in the way fristvakt opens its own: WAL, synchronous=FULL.
class Database {
 public:
    explicit Database(const std::string& file);
    ~Database() { sqlite3_close(handle_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    void execute(const std::string& sql);
    [[nodiscard]] sqlite3* handle() { return handle_; }

 private:
    sqlite3* handle_{nullptr};
};

/// A prepared statement that is used again and again.
class Prepared {
 public:
    Prepared(Database& database, const char* sql);
    ~Prepared() { sqlite3_finalize(statement_); }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    Prepared& bind(std::int64_t value);
    Prepared& bind(std::string_view value);
    Prepared& bind_blob(std::string_view value);
    /// True while there is a row; resets itself when there is none.
    bool step();
    void run() {
        while (step()) {
        }
    }
    void reset();
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;

 private:
    sqlite3_stmt* statement_{nullptr};
    int bound_{0};
};

/// probe FOLDER: how often the disk makes a page durable, and which part of both cores is free.
void probe(const Arguments& arguments);
/// rows DATABASE BATCH SECONDS: the rows of an event, as fristvakt writes them, and no more.
void rows(const Arguments& arguments);
/// timers latency|drain|prepare|restart DATABASE COUNT: a table of timers and a heap.
void timers(const Arguments& arguments);
/// smtp PORT SESSIONS COUNT BYTES: one libcurl handle a thread, the connection kept.
void smtp(const Arguments& arguments);
void feed(const Arguments& arguments);

}  // namespace fristvakt::bench
