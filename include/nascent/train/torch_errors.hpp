#pragma once

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace nascent {

/// What `use` makes of a device; LibTorch's errors come as std::runtime_error, without their pages
/// of stack. Where the device has no memory left, what `use` held is free by then, and so is what
/// LibTorch keeps for later: what comes next, here or in another process, finds all of it.
template <class Use>
std::invoke_result_t<Use> with_short_errors(c10::Device device, Use use) {
  try {
    return use();
  } catch (const c10::OutOfMemoryError& error) {
    const std::string text = error.what_without_backtrace();
    if (!device.is_cpu()) c10::getDeviceAllocator(device.type())->emptyCache();
    // LibTorch's advice for its settings follows, over many lines.
    throw std::runtime_error("out of memory on " + device.str() + ": " +
                             text.substr(0, text.find_first_of("\n")).substr(0, 300));
  } catch (const c10::Error& error) {
    throw std::runtime_error(error.what_without_backtrace());
  }
}

}  // namespace nascent
