#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace fristvakt::integrations {

/// Moves what stands in the WAL into the database file, on a thread and a connection of its own, so
/// that no commit waits for it. Where this does not keep up, the writer does it: the WAL stays
/// within about 32 MB, unless a reader holds on to an old view.
///
/// `committed` from the writer's thread. A checkpoint that fails is no loss: what it would have
/// moved stays in the WAL, and is moved by the next.
class Checkpointer {
 public:
    explicit Checkpointer(std::filesystem::path file);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    /// To be told after each commit how many pages the WAL has. True: the writer itself has to
    /// make a checkpoint now, and nobody else is at it.
    [[nodiscard]] bool committed(int wal_pages);

 private:
    void run();

    const std::filesystem::path file_;
    std::mutex mutex_;  ///< Guards the three flags.
    std::condition_variable changed_;
    bool wanted_{false};
    bool running_{false};
    bool stopping_{false};
    int asked_at_{0};  ///< Pages when it was last asked for; the writer's.
    std::thread thread_;
};

}  // namespace fristvakt::integrations
