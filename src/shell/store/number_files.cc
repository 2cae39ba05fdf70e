#include "shell/store/number_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "core/number/set_writer.h"
#include "shell/numbers/unfinished_file.h"

namespace tandem::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDraft = ".draft";
constexpr std::string_view kSuffix = ".numbers";

// New in this folder, also beside another process.
std::string new_name() {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return std::to_string(time) + '-' + std::to_string(::getpid()) + '-' +
         std::to_string(count.fetch_add(1)) + std::string(kSuffix);
}

std::string fault_of(std::string_view what, const fs::path& path) {
  return std::string(what) + ' ' + path.string() + ": " + std::strerror(errno);
}

bool write_all(int file, std::string_view bytes, off_t at) {
  while (!bytes.empty()) {
    const ssize_t written = at < 0 ? ::write(file, bytes.data(), bytes.size())
                                   : ::pwrite(file, bytes.data(), bytes.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(std::size_t(written));
    if (at >= 0) at += written;
  }
  return true;
}

bool sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

struct NumberFiles::Mapping {
  explicit Mapping(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat state{};
    if (::fstat(file, &state) == 0 && state.st_size > 0) {
      size = std::size_t(state.st_size);
      void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
      if (at != MAP_FAILED) bytes = static_cast<const char*>(at);
    }
    ::close(file);
  }
  ~Mapping() {
    if (bytes != nullptr) ::munmap(const_cast<char*>(bytes), size);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  const char* bytes = nullptr;
  std::size_t size = 0;
};

bool NumberFiles::has(const std::string& name) const {
  std::error_code unknown;
  return !name.empty() && fs::is_regular_file(folder_ / name, unknown);
}

std::uintmax_t NumberFiles::bytes(const std::string& name) const {
  std::error_code unknown;
  const auto size = has(name) ? fs::file_size(folder_ / name, unknown) : 0;
  return unknown ? 0 : size;
}

std::optional<directory::ImportedNumbers> NumberFiles::open(const std::string& name) {
  if (!has(name)) return std::nullopt;
  std::erase_if(mapped_, [](const auto& each) { return each.second.expired(); });
  auto mapping = mapped_[name].lock();
  if (mapping == nullptr) {
    mapping = std::make_shared<const Mapping>(folder_ / name);
    mapped_[name] = mapping;
  }
  if (mapping->bytes == nullptr) return std::nullopt;
  const auto set = number::NumberSet::open({mapping->bytes, mapping->size});
  if (!set) return std::nullopt;
  return directory::ImportedNumbers{std::move(mapping), *set};
}

void NumberFiles::set_aside(const std::string& name) const {
  std::error_code unknown;
  if (has(name)) fs::last_write_time(folder_ / name, fs::file_time_type::clock::now(), unknown);
}

void NumberFiles::tidy(const std::set<std::string>& named, std::chrono::hours longest) const {
  std::error_code unknown;
  const auto now = fs::file_time_type::clock::now();
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, unknown)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kDraft)) numbers::remove_unfinished(entry.path());
    if (!name.ends_with(kSuffix) || named.contains(name)) continue;
    std::error_code fault;
    if (now - fs::last_write_time(entry.path(), fault) > longest && !fault)
      fs::remove(entry.path(), fault);
  }
}

Result<NumberFileWriter, std::string> NumberFileWriter::create(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Failure{"cannot make " + folder.string() + ": " + error.message()};
  NumberFileWriter writer(folder, new_name(), -1);
  writer.file_ = ::open(writer.draft().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (writer.file_ < 0) return Failure{fault_of("cannot write", writer.draft())};
  if (!numbers::hold_unfinished(writer.file_, writer.draft()))
    return Failure{"cannot write " + writer.draft().string() + ": it was removed"};
  // Room for the head, which is known at the end.
  const std::string room(sizeof(number::set_format::Head), '\0');
  if (!writer.append(room)) return Failure{fault_of("cannot write", writer.draft())};
  return writer;
}

NumberFileWriter::NumberFileWriter(NumberFileWriter&& other) noexcept
    : folder_(std::move(other.folder_)),
      name_(std::move(other.name_)),
      file_(std::exchange(other.file_, -1)),
      failed_(other.failed_) {}

NumberFileWriter::~NumberFileWriter() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(draft().c_str());
}

bool NumberFileWriter::append(const std::string& bytes) {
  if (!failed_) failed_ = !write_all(file_, bytes, -1);
  return !failed_;
}

Result<std::string, std::string> NumberFileWriter::finish(const std::string& head) {
  const bool written = !failed_ && write_all(file_, head, 0) && ::fsync(file_) == 0 &&
                       ::rename(draft().c_str(), (folder_ / name_).c_str()) == 0;
  if (!written) return Failure{fault_of("cannot write", folder_ / name_)};
  ::close(std::exchange(file_, -1));
  if (!sync_folder(folder_)) return Failure{fault_of("cannot write", folder_)};
  return name_;
}

}  // namespace tandem::store
