#pragma once

#include <deque>

namespace fristvakt::integrations::teams {

/// How often one webhook may be called: four at once, one every two seconds after that, and 25 in
/// five minutes, which is less than Microsoft throttles at. One thread.
class PostRate {
 public:
    /// How long to wait before the next call, in seconds; 0: it may go now.
    /// REQUIRES: `seconds` never goes back; monotonic time.
    [[nodiscard]] double wait(double seconds);
    /// A call was made.
    void made(double seconds);

 private:
    std::deque<double> calls_;  ///< Of the last five minutes.
};

}  // namespace fristvakt::integrations::teams
