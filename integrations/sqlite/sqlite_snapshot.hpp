#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "integrations/sqlite/connection.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::integrations {

/// Connections of readers, kept for the next. Any thread.
class ReaderPool {
 public:
    explicit ReaderPool(std::filesystem::path file) : file_(std::move(file)) {}

    /// May throw SQLite::Exception.
    [[nodiscard]] std::unique_ptr<Connection> take();
    /// Gives back one that is in no transaction.
    void give_back(std::unique_ptr<Connection> connection);
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
    const std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
};

/// A view of the store as it is now, in a read transaction of its own.
[[nodiscard]] std::unique_ptr<workflows::Snapshot> take_snapshot(std::shared_ptr<ReaderPool> pool);

}  // namespace fristvakt::integrations
