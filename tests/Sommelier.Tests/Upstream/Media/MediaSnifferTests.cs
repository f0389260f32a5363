using System.Text;
using Sommelier.Canonical;
using Sommelier.Upstream.Media;

namespace Sommelier.Tests.Upstream.Media;

public sealed class MediaSnifferTests
{
    [Theory]
    [InlineData("\u0089PNG\r\n\u001a\nrest", "image/png")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0", "image/jpeg")]
    [InlineData("GIF87a", "image/gif")]
    [InlineData("GIF89a", "image/gif")]
    [InlineData("RIFF\u0001\u0000\u0000\u0000WEBPVP8 ", "image/webp")]
    [InlineData("RIFF\u0001\u0000\u0000\u0000WAVEfmt ", "audio/wav")]
    [InlineData("ID3\u0004", "audio/mp3")]
    [InlineData("\u00ff\u00fb\u0090", "audio/mp3")]
    [InlineData("%PDF-1.7", "application/pdf")]
    [InlineData("<html>", null)]
    [InlineData("RIFF", null)]
    [InlineData("", null)]
    public void Files_are_known_by_how_they_begin(string begin, string? type) =>
        Assert.Equal(type, MediaSniffer.TypeOf(Encoding.Latin1.GetBytes(begin)));

    [Theory]
    [InlineData("GIF89a", "text/html", MediaKind.Image)]
    [InlineData("GIF89a", "image/gif", MediaKind.Document)]
    [InlineData("GIF89a", null, MediaKind.Audio)]
    [InlineData("<html>", "image/png", MediaKind.Image)]
    [InlineData("%PDF-1.7", "text/html", MediaKind.Document)]
    [InlineData("%PDF-1.7", "application/pdf", MediaKind.Image)]
    public void What_the_caller_the_server_and_the_bytes_say_must_agree(string begin, string? declared, MediaKind kind) =>
        Assert.Throws<MediaRefusedException>(() => MediaSniffer.Check(Encoding.Latin1.GetBytes(begin), declared, kind));

    [Theory]
    [InlineData("GIF89a", "image/png", MediaKind.Image, "image/gif")]
    [InlineData("GIF89a", null, MediaKind.Image, "image/gif")]
    [InlineData("ID3", "audio/mpeg", MediaKind.Audio, "audio/mp3")]
    [InlineData("%PDF-1.7", "application/octet-stream", MediaKind.Document, "application/pdf")]
    public void The_bytes_have_the_last_word_on_the_type(string begin, string? declared, MediaKind kind, string type) =>
        Assert.Equal(type, MediaSniffer.Check(Encoding.Latin1.GetBytes(begin), declared, kind));
}
