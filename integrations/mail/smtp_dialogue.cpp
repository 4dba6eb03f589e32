#include "integrations/mail/smtp_dialogue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace fristvakt::integrations {
namespace {

std::optional<SmtpStage> stage_of(std::string_view line) {
    constexpr std::array<std::pair<std::string_view, SmtpStage>, 7> kVerbs{
        {{"EHLO ", SmtpStage::Hello},
         {"HELO ", SmtpStage::Hello},
         {"STARTTLS\r", SmtpStage::StartTls},
         {"AUTH ", SmtpStage::Auth},
         {"MAIL FROM:", SmtpStage::Sender},
         {"RCPT TO:", SmtpStage::Recipient},
         {"DATA\r", SmtpStage::Data}}};
    const auto* found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const auto& verb) {
        return line.substr(0, verb.first.size()) == verb.first;
    });
    return found == kVerbs.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

void SmtpDialogue::command(std::string_view line) {
    // What we say to a 334 is a secret in base64, which may look like anything.
    constexpr int kGoOn = 334;
    if (stage_ == SmtpStage::Auth && reply_.code == kGoOn) {
        enter(SmtpStage::Auth);
        return;
    }
    const auto stage = stage_of(line);
    if (!stage) {
        // libcurl says QUIT after a refusal; what was answered before is what counts. Before
        // anything else it is said on an older connection that is put away.
        is_over_ = is_over_ || (line == "QUIT\r\n" && stage_ != SmtpStage::Connect);
        return;
    }
    enter(*stage);
    recipients_ += *stage == SmtpStage::Recipient ? 1 : 0;
}

void SmtpDialogue::text(std::size_t bytes) {
    text_bytes_ += bytes;
    // Dot-stuffing makes the text longer: this may come a little early, and never late.
    if (stage_ == SmtpStage::Data && text_bytes_ >= message_bytes_) {
        enter(SmtpStage::End);
    }
}

void SmtpDialogue::answer(std::string_view line) {
    constexpr std::size_t kCodeDigits = 3;
    constexpr std::size_t kTextMax = 2000;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
        line.remove_suffix(1);
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (is_over_ || line.size() < kCodeDigits ||
        !std::all_of(line.begin(), line.begin() + kCodeDigits, is_digit)) {
        return;
    }
    const int code = 100 * (line[0] - '0') + 10 * (line[1] - '0') + (line[2] - '0');
    const bool is_last = line.size() == kCodeDigits || line[kCodeDigits] == ' ';
    if (line.size() > kCodeDigits + 1 && lines_.size() < kTextMax) {
        lines_ += lines_.empty() ? "" : " ";
        lines_ += line.substr(kCodeDigits + 1, kTextMax);
    }
    if (is_last) {
        reply_ = {.code = code, .text = std::exchange(lines_, {})};
    }
}

void SmtpDialogue::enter(SmtpStage stage) {
    stage_ = stage;
    reply_ = {};
    lines_.clear();
}

}  // namespace fristvakt::integrations
