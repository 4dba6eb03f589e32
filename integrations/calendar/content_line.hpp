#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workflows/result.hpp"

/// The lines that iCalendar is made of (RFC 5545 section 3.1), written and read.
namespace fristvakt::integrations::calendar {

/// One line in the making: name, parameters, value. Nothing in a value or parameter can end the
/// line or begin another property.
class LineWriter {
 public:
    /// `name` with its fixed parameters: "DTSTART;VALUE=DATE".
    LineWriter(std::string& out, std::string_view name) : out_(out), start_(out.size()) {
        out_ += name;
    }
    /// ";CN=…", quoted where it must be; line ends and quotes by RFC 6868.
    LineWriter& parameter(std::string_view name, std::string_view value);
    /// Ends the line with a TEXT value (section 3.3.11).
    void text(std::string_view value);
    /// Ends the line with a value that is written as it is; control characters are left out.
    void raw(std::string_view value);

 private:
    void end();

    std::string& out_;
    std::size_t start_;
};

/// One line as it was read, unfolded. Names are in upper case.
struct ContentLine {
    std::string name;
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string value;  ///< As written, with its escapes.

    /// The value of a parameter; "" when it is absent.
    [[nodiscard]] std::string_view parameter(std::string_view wanted) const;
};

/// The lines of a whole calendar, which may end in CRLF or LF alone. Bytes are unfolded before
/// anything is read into them: others fold inside a character.
/// InvalidInput: a line has no colon, or there are too many; says which line.
[[nodiscard]] workflows::Result<std::vector<ContentLine>> read_lines(std::string_view bytes);

/// What a TEXT value says.
[[nodiscard]] std::string unescape(std::string_view value);

}  // namespace fristvakt::integrations::calendar
