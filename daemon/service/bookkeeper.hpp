#pragma once

#include <functional>
#include <memory>

#include "daemon/engine/engine_access.hpp"
#include "workflows/ports.hpp"

namespace fristvakt::daemon {

/// Counts all reminders anew once a local day, on a thread of its own and on one reader's snapshot:
/// nobody waits for it, however much is stored.
class Bookkeeper {
 public:
    using TakeSnapshot = std::function<std::unique_ptr<workflows::Snapshot>()>;
    /// Called on the bookkeeper's thread. Unavailable: not counted; tried again when next told.
    using Done = std::function<void(const workflows::Result<BooksStatement>&)>;

    Bookkeeper(TakeSnapshot snapshot, Done done);
    ~Bookkeeper();
    Bookkeeper(const Bookkeeper&) = delete;
    Bookkeeper& operator=(const Bookkeeper&) = delete;

    /// Counts if `now` lies on another day than the last count did; returns at once. Told of
    /// several days while it counts, it counts once more for the last of them. Any thread.
    void look_at(workflows::Instant now, workflows::Date day);

 private:
    struct Shared;
    void run();

    TakeSnapshot snapshot_;
    Done done_;
    std::unique_ptr<Shared> shared_;
};

}  // namespace fristvakt::daemon
