using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sommelier.Gateway.Kept;

namespace Sommelier.Tests.Gateway;

public sealed class KeepingWriterTests
{
    private const string Delta = "event: response.output_text.delta\ndata: {\"delta\":\"Once\"}\n\n";

    private const string End = "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\"}}\n\n";

    [Fact]
    public async Task Of_a_stream_only_the_events_that_end_it_are_kept()
    {
        var (written, kept) = await WriteAsync(streamed: true, whole: true, Delta, Delta, Delta + End, "data: late\n\n");

        Assert.Equal(Delta + Delta + Delta + End + "data: late\n\n", written);
        Assert.Equal([Delta + End], kept);
    }

    [Fact]
    public async Task What_only_looks_like_the_end_is_not_taken_for_it()
    {
        // A model that writes the event's name.
        const string Word = "data: {\"delta\":\"response.completed\"}\n\n";

        var (_, kept) = await WriteAsync(streamed: true, whole: false, Word, End);

        Assert.Equal([Word, End], kept);
    }

    [Fact]
    public async Task A_whole_answer_is_kept_in_one_piece()
    {
        var (written, kept) = await WriteAsync(streamed: false, whole: false, "{\"id\":", "\"resp_1\"}");

        Assert.Equal("{\"id\":\"resp_1\"}", written);
        Assert.Equal(["{\"id\":", "{\"id\":\"resp_1\"}"], kept);
    }

    private static async Task<(string Written, List<string> Kept)> WriteAsync(bool streamed, bool whole, params string[] flushes)
    {
        var pipe = new Pipe();
        var kept = new List<string>();
        var writer = new KeepingWriter(pipe.Writer, streamed, bytes =>
        {
            kept.Add(Encoding.UTF8.GetString(bytes.Span));
            return new(whole);
        });
        foreach (var piece in flushes)
        {
            writer.Write(Encoding.UTF8.GetBytes(piece));
            await writer.FlushAsync(TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync();
        var read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(read.Buffer.ToArray()), kept);
    }
}
