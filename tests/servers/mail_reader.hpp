#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "tests/servers/process.hpp"

namespace fristvakt::tests {

/// Reads messages back with a parser that is not ours: Python's `email`, strictly.
class MailReader {
 public:
    MailReader();
    /// {"headers": {NAME: [VALUE…]}, "names": […], "addresses": {"To": [ADDRESS…]…},
    /// "mailboxes": {"To": [{"name", "address"}…]…}, "date", "type",
    /// "parts": [{"type", "charset", "encoding", "text"}…], "defects": […]}
    /// REQUIRES: `bytes` is ASCII.
    [[nodiscard]] nlohmann::json read(const std::string& bytes);

 private:
    Process process_;
};

}  // namespace fristvakt::tests
