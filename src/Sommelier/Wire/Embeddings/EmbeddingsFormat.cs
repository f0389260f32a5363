using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Guards;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Embeddings;

/// <summary>A way of asking for vectors: one request, one whole answer, no streams. The formats differ in names and nesting alone.</summary>
internal abstract class EmbeddingsFormat : IWireFormat, IRequestWire, IResponseWire
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public Operation Operation => Operation.Embeddings;

    /// <inheritdoc/>
    public virtual RateLimitDialect RateLimits => RateLimitDialect.None;

    /// <inheritdoc/>
    public IRequestWire Requests => field ??= new GuardedRequests(this);

    /// <inheritdoc/>
    public IResponseWire Responses => field ??= new GuardedResponses(this);

    /// <inheritdoc/>
    public IStreamWire Streams => NoStreams.Instance;

    /// <inheritdoc/>
    public abstract IErrorWire Errors { get; }

    /// <summary>The field in which the inputs stand.</summary>
    public abstract string InputField { get; }

    /// <summary>What must stand there, for callers who left it out.</summary>
    public abstract string InputExpected { get; }

    /// <summary>Reads a top-level value other than <c>model</c>, <c>user</c> and null, and leaves the reader at its last token; false for one that it does not know.</summary>
    public abstract bool Member(string name, ref Utf8JsonReader reader, ref InputScan inputs);

    /// <summary>The model that a call names.</summary>
    public virtual string Model(CallPath path, string? inBody) => inBody switch
    {
        null => throw FieldError.Missing("model", "the name of an embedding model, e.g. \"text-embedding-3-small\""),
        "" => throw FieldError.OutOfRange("model", "a model name that is not empty"),
        _ => inBody,
    };

    /// <summary>Reads what is asked for; the outline has checked the inputs' types.</summary>
    protected abstract EmbeddingAsk Ask(JsonFields fields);

    /// <summary>The fields that <see cref="Ask"/> does not read; null when there are none.</summary>
    protected abstract Extra? Unknown(JsonFields fields);

    /// <summary>The model's name as a body says it.</summary>
    protected virtual string ModelText(WireTarget target) => target.Model;

    /// <summary>Changes what stands inside a member that is forwarded. Default: nothing.</summary>
    protected virtual void Edit(BodyMember member, ReadOnlySpan<byte> body, WireTarget target, JsonEdits edits)
    {
    }

    /// <inheritdoc/>
    public abstract void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings);

    /// <inheritdoc/>
    public abstract void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings);

    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => EmbeddingOutlineReader.Read(this, body, path);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default)
    {
        // Says what is wrong with the inputs, field by field.
        var outline = Outline(body.Span, path);
        using var document = JsonBody.Parse(body);
        var fields = new JsonFields(document.RootElement, "");
        return new ChatRequest
        {
            OriginalModel = outline.Model,
            Format = Name,
            Messages = [],
            EndUser = outline.EndUser,
            Embedding = Ask(fields),
            Extra = Unknown(fields),
        };
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        var edits = new JsonEdits();
        Span<bool> cut = stackalloc bool[JsonLimits.MaxTopLevelFields];
        cut = cut[..outline.Members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            var member = outline.Members[i];
            cut[i] = member.Name is CallerHintsReader.Member || Drops(member, body, target, warnings);
            if (member.Name is "model")
            {
                edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(ModelText(target)));
            }
            else if (!cut[i] && target.Quirks.Renamed.TryGetValue(member.Name, out var name))
            {
                edits.Replace(member.Start, member.ValueStart, Encoding.UTF8.GetBytes($"\"{name}\":"));
            }
            else if (!cut[i])
            {
                Edit(member, body, target, edits);
            }
        }

        edits.CutMembers(outline.Members, cut);
        edits.Apply(body, output);
    }

    /// <summary>A body of which a list holds some of its values alone; all else is as it was.</summary>
    /// <param name="body">The body.</param>
    /// <param name="list">Where the list stands.</param>
    /// <param name="from">The first value to keep, from 0.</param>
    /// <param name="count">How many to keep; there are so many.</param>
    public static byte[] Cut(ReadOnlySpan<byte> body, BodyMember list, int from, int count)
    {
        var reader = new Utf8JsonReader(body[list.ValueStart..list.End], JsonLimits.Reader);
        reader.Read();
        var (start, end) = (0, 0);
        for (var at = 0; at < from + count; at++)
        {
            reader.Read();
            start = at == from ? list.ValueStart + (int)reader.TokenStartIndex : start;
            reader.Skip();
            end = list.ValueStart + (int)reader.BytesConsumed;
        }

        return [.. body[..list.ValueStart], (byte)'[', .. body[start..end], (byte)']', .. body[list.End..]];
    }

    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => ReadVectors(body);

    /// <summary>Reads an answer in any of the vendors' shapes.</summary>
    /// <exception cref="UpstreamException">The bytes are an error in disguise, empty, or hold no vectors.</exception>
    public static ChatResponse ReadVectors(ReadOnlySpan<byte> body)
    {
        var scan = VectorScan.Read(body, collect: true);
        return new ChatResponse
        {
            ResponseModel = scan.Model,
            FinishReason = new FinishReason(FinishReasonKind.Stop),
            Usage = scan.Usage,
            Embeddings = scan.Vectors,
        };
    }

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        var scan = VectorScan.Read(body, collect: false);
        return new AnswerFacts { ResponseModel = scan.Model, Usage = scan.Usage, Vectors = scan.Count };
    }

    /// <inheritdoc/>
    public virtual bool Fits(ReadOnlySpan<byte> body, RequestOutline outline) => true;

    /// <summary>Warns of a field that the target's format has no word for.</summary>
    public static void Drop(bool given, string field, ICollection<Warning> warnings)
    {
        if (given)
        {
            warnings.Add(new Warning("dropped", field, "the target's wire format has no such field"));
        }
    }

    /// <summary>Warns of pieces of one input that became its lines.</summary>
    public static void Join(EmbeddingAsk ask, ICollection<Warning> warnings)
    {
        if (ask.Joined)
        {
            warnings.Add(new Warning("emulated", "content.parts", "an input is one text here: its parts are joined, each on a line of its own"));
        }
    }

    /// <summary>Refuses inputs as token ids, which mean something to the tokenizer of OpenAI's format alone.</summary>
    public static IReadOnlyList<string> Texts(EmbeddingAsk ask, WireTarget target) => ask.TokenInputs.Count == 0
        ? ask.Inputs
        : throw WireException.Invalid("input", $"'{target.Model}' takes no token ids. Send 'input' as text.");

    /// <summary>The one input of a request for a target that takes no more.</summary>
    protected static IReadOnlyList<string> OneText(EmbeddingAsk ask, WireTarget target) => Texts(ask, target) is { Count: 1 } one
        ? one
        : throw WireException.Invalid("input", $"'{target.Model}' takes one input per request here. Send {ask.Inputs.Count} requests.");

    private static bool Drops(BodyMember member, ReadOnlySpan<byte> body, WireTarget target, ICollection<Warning> warnings)
    {
        if (!target.Quirks.Unsupported.Contains(member.Name))
        {
            return false;
        }

        if (!body[member.ValueStart..member.End].SequenceEqual("null"u8))
        {
            warnings.Add(new Warning("dropped", member.Name, "the model does not support it"));
        }

        return true;
    }
}
