using System.Text.Json;
using Sommelier.TestKit;

namespace Sommelier.Tests.Wire.AnthropicMessages;

/// <summary>Recorded real replies, and what they say by a plain walk over their JSON.</summary>
internal static class Recordings
{
    private static readonly string[] Folder = ["data", "wire", "anthropic"];

    /// <summary>Every recorded whole answer.</summary>
    public static IEnumerable<(string Name, byte[] Body)> Answers()
    {
        foreach (var file in Directory.GetFiles(Shared.Path(Folder), "*.json").Order(StringComparer.Ordinal))
        {
            yield return (Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }

    /// <summary>Every recorded stream as its events; a file with several answers gives several.</summary>
    public static IEnumerable<(string Name, List<string> Events)> Streams()
    {
        foreach (var file in Directory.GetFiles(Shared.Path(Folder), "*.chunks.txt").Order(StringComparer.Ordinal))
        {
            var number = 0;
            var events = new List<string>();
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
            {
                events.Add(line);
                if (line.Contains("\"type\":\"message_stop\"", StringComparison.Ordinal))
                {
                    yield return ($"{Path.GetFileName(file)}#{number++}", events);
                    events = [];
                }
            }

            Assert.Empty(events);
        }
    }

    /// <summary>What a whole answer says.</summary>
    public static Said Walk(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var said = new Said { Id = root.GetProperty("id").GetString(), Model = root.GetProperty("model").GetString() };
        foreach (var block in root.GetProperty("content").EnumerateArray())
        {
            switch (block.GetProperty("type").GetString())
            {
                case "text":
                    said.Text += block.GetProperty("text").GetString();
                    break;
                case "thinking":
                    said.Thinking += block.GetProperty("thinking").GetString();
                    break;
                case "tool_use":
                    said.Calls.Add($"{block.GetProperty("id")} {block.GetProperty("name")} {Compact(block.GetProperty("input").GetRawText())}");
                    break;
                case var other:
                    said.Other.Add(other!);
                    break;
            }
        }

        said.StopReason = root.GetProperty("stop_reason").GetString();
        said.Count(root.GetProperty("usage"));
        return said;
    }

    /// <summary>What a stream says.</summary>
    public static Said Walk(IEnumerable<string> events)
    {
        var said = new Said();
        var inputs = new SortedDictionary<int, (string Head, string Json)>();
        foreach (var line in events)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            switch (root.GetProperty("type").GetString())
            {
                case "message_start":
                    said.Id = root.GetProperty("message").GetProperty("id").GetString();
                    said.Model = root.GetProperty("message").GetProperty("model").GetString();
                    said.Count(root.GetProperty("message").GetProperty("usage"));
                    said.StopReason = root.GetProperty("message").GetProperty("stop_reason").GetString();

                    // A turn that only runs the next tool of a program comes whole in its start.
                    foreach (var call in root.GetProperty("message").GetProperty("content").EnumerateArray())
                    {
                        Assert.Equal("tool_use", call.GetProperty("type").GetString());
                        inputs[inputs.Count] = ($"{call.GetProperty("id")} {call.GetProperty("name")}", call.GetProperty("input").GetRawText());
                    }

                    break;
                case "content_block_start":
                    var block = root.GetProperty("content_block");
                    switch (block.GetProperty("type").GetString())
                    {
                        case "tool_use":
                            var given = block.GetProperty("input").GetRawText();
                            inputs[root.GetProperty("index").GetInt32()] =
                                ($"{block.GetProperty("id")} {block.GetProperty("name")}", given is "{}" ? "" : given);
                            break;
                        case "text" or "thinking":
                            break;
                        case var other:
                            said.Other.Add(other!);
                            break;
                    }

                    break;
                case "content_block_delta":
                    var delta = root.GetProperty("delta");
                    var index = root.GetProperty("index").GetInt32();
                    switch (delta.GetProperty("type").GetString())
                    {
                        case "text_delta":
                            said.Text += delta.GetProperty("text").GetString();
                            break;
                        case "thinking_delta":
                            said.Thinking += delta.GetProperty("thinking").GetString();
                            break;
                        case "signature_delta":
                            said.Signature += delta.GetProperty("signature").GetString();
                            break;
                        case "input_json_delta" when inputs.TryGetValue(index, out var call):
                            inputs[index] = (call.Head, call.Json + delta.GetProperty("partial_json").GetString());
                            break;
                    }

                    break;
                case "message_delta":
                    said.StopReason = root.GetProperty("delta").GetProperty("stop_reason").GetString();
                    said.Count(root.GetProperty("usage"));
                    break;
            }
        }

        foreach (var (head, json) in inputs.Values)
        {
            said.Calls.Add($"{head} {Compact(json.Length == 0 ? "{}" : json)}");
        }

        return said;
    }

    /// <summary>JSON without the white space between its tokens.</summary>
    public static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}

/// <summary>What an answer says, as far as every dialect can say it.</summary>
internal sealed class Said
{
    public string? Id { get; set; }

    public string? Model { get; set; }

    public string Text { get; set; } = "";

    public string Thinking { get; set; } = "";

    public string Signature { get; set; } = "";

    public List<string> Calls { get; } = [];

    public List<string> Other { get; } = [];

    public string? StopReason { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }

    public long CacheRead { get; set; }

    public long CacheCreation { get; set; }

    public void Count(JsonElement usage)
    {
        Input = usage.TryGetProperty("input_tokens", out var input) ? input.GetInt64() : Input;
        Output = usage.TryGetProperty("output_tokens", out var output) ? output.GetInt64() : Output;
        CacheRead = usage.TryGetProperty("cache_read_input_tokens", out var read) ? read.GetInt64() : CacheRead;
        CacheCreation = usage.TryGetProperty("cache_creation_input_tokens", out var created) ? created.GetInt64() : CacheCreation;
    }
}
