# Compiler, linker and sanitizer settings shared by every target.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Precise enough to read a crash and a profile, small enough to compile and link fast.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
# Clearing and copying a value of a hundred bytes by `rep stos` takes longer than writing it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  foreach(what memset memcpy)
    string(APPEND CMAKE_CXX_FLAGS_RELWITHDEBINFO
      " -m${what}-strategy=vector_loop:512:noalign,libcall:-1:noalign")
  endforeach()
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)
add_compile_definitions(SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)

# Objects made in the core have no RTTI, which the check of vptr looks for.
if(TANDEM_SANITIZE)
  add_compile_options(-fsanitize=${TANDEM_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TANDEM_SANITIZE})
endif()

# Fuzzers are guided by the coverage of everything they link.
if(TANDEM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
