#include "integrations/sqlite/deflate.hpp"

#include <algorithm>
#include <memory>

#include <zlib.h>

#include "workflows/assert.hpp"

namespace fristvakt::integrations {

namespace {

/// Setting a stream up costs more than a message: one is kept per thread.
struct Deflater {
    z_stream stream{};
    Deflater() { FRISTVAKT_ASSERT(deflateInit(&stream, Z_BEST_SPEED) == Z_OK); }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
};

struct Inflater {
    z_stream stream{};
    Inflater() { FRISTVAKT_ASSERT(inflateInit(&stream) == Z_OK); }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

/// zlib reads through a pointer to mutable bytes that it leaves alone.
Bytef* input_of(std::string_view text) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

std::string deflate_text(std::string_view text) {
    thread_local Deflater deflater;
    z_stream& stream = deflater.stream;
    FRISTVAKT_ASSERT(deflateReset(&stream) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = input_of(text);
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    FRISTVAKT_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    return out;
}

std::optional<std::string> inflate_text(std::string_view bytes, std::size_t bytes_max) {
    thread_local Inflater inflater;
    z_stream& stream = inflater.stream;
    FRISTVAKT_ASSERT(inflateReset(&stream) == Z_OK);
    stream.next_in = input_of(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int outcome = Z_OK;
    while (outcome == Z_OK && out.size() < bytes_max) {
        const std::size_t done = out.size();
        out.resize(std::min(bytes_max, std::max<std::size_t>(2 * done, 16UL * 1024)));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
        stream.avail_out = static_cast<uInt>(out.size() - done);
        outcome = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    if (outcome != Z_STREAM_END || stream.avail_in != 0) {
        return std::nullopt;
    }
    return out;
}

}  // namespace fristvakt::integrations
