using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Data URLs that are written out instead of in base64 (RFC 2397) are read like the others, at every target; broken ones are refused.</summary>
public sealed class DataUrlTests
{
    private const string Svg = "data:image/svg+xml;utf8,%3Csvg a='1'/%3E";

    public static TheoryData<string, string, string> Fields => new()
    {
        { "openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"URL"}}]}]}""", "messages[0].content[0].image_url.url" },
        { "openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"x","file_data":"URL"}}]}]}""", "messages[0].content[0].file.file_data" },
        { "openai-responses", """{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"URL"}]}]}""", "input[0].content[0].image_url" },
        { "openai-responses", """{"model":"m","input":[{"role":"user","content":[{"type":"input_file","filename":"x","file_data":"URL"}]}]}""", "input[0].content[0].file_data" },
        { "openai-responses", """{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_url":"URL"}]}]}""", "input[0].content[0].file_url" },
        { "anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"URL"}}]}]}""", "messages[0].content[0].source.url" },
        { "gemini", """{"contents":[{"parts":[{"fileData":{"mimeType":"image/svg+xml","fileUri":"URL"}}]}]}""", "contents[0].parts[0].fileData.fileUri" },
        { "ollama", """{"model":"m","messages":[{"role":"user","content":"x","images":["URL"]}]}""", "messages[0].images" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void What_is_written_out_is_unescaped(string caller, string body, string _)
    {
        var blob = Assert.IsType<BlobPart>(Read(caller, body, Svg).Messages[0].Parts.Last(static part => part is not TextPart));
        Assert.Equal(("image/svg+xml", Convert.ToBase64String("<svg a='1'/>"u8)), (blob.MediaType, blob.Data.ToString()));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_broken_one_is_refused_by_the_name_of_its_field(string caller, string body, string field)
    {
        foreach (var broken in (string[])["data:image/png", "data:image/png,a%2", "data:image/png,%zz", "DATA:,%"])
        {
            var refused = Assert.Throws<WireException>(() => Read(caller, body, broken));
            Assert.StartsWith(field, refused.Error.Field!, StringComparison.Ordinal);
            Assert.Contains(";base64,", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("data:,A%20note", "text/plain", "A note")]
    [InlineData("data:text/PLAIN;charset=utf-8,gr%C3%BC%C3%9F", "text/plain", "grüß")]
    [InlineData("data:text/plain;base64,eA==", "text/plain", "x")]
    public void A_text_may_be_written_out_too(string url, string type, string text)
    {
        var blob = Assert.IsType<BlobPart>(Read("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"filename":"x","file_data":"URL"}}]}]}""", url).Messages[0].Parts[0]);
        Assert.Equal((type, text), (blob.MediaType, Encoding.UTF8.GetString(Convert.FromBase64String(blob.Data.ToString()))));
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    public void Every_target_gets_the_bytes(string target)
    {
        var request = Read("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"URL"}}]}]}""", "data:image/png,%89PNG%0D%0A");
        var (body, warnings) = Upstreams.Write(WireFormats.Get(target), request);
        Assert.Contains(Convert.ToBase64String([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10]), body.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    private static ChatRequest Read(string caller, string body, string url) =>
        WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(body.Replace("URL", url, StringComparison.Ordinal)), new CallPath("m"));
}
