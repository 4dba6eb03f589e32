#include "tests/servers/mail_reader.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {

MailReader::MailReader()
    : process_{{kPython, (source_dir() / "tests/servers/read_mail.py").string()}} {}

nlohmann::json MailReader::read(const std::string& bytes) {
    if (!process_.write_line(nlohmann::json(bytes).dump())) {
        throw std::runtime_error{"read_mail.py has gone"};
    }
    const auto line = process_.read_line();
    if (!line) {
        throw std::runtime_error{"read_mail.py says nothing"};
    }
    return nlohmann::json::parse(*line);
}

}  // namespace fristvakt::tests
