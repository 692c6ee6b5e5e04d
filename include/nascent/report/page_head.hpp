#pragma once

#include <string>

#include "nascent/report/escaped.hpp"
#include "nascent/report/page_style.hpp"

namespace nascent::detail {

/// Of every page: its policy lets nothing be asked for from anywhere.
inline std::string page_head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
         "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
         "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
         "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
         "<meta name=color-scheme content=\"light dark\">\n<link rel=icon href=\"data:,\">\n"
         "<title>" +
         escaped(title) + "</title>\n<style>" + kPageStyle + "</style>\n";
}

}  // namespace nascent::detail
