using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.Gemini;

namespace Sommelier.Upstream;

/// <summary>Files that a caller names by what its vendor calls them, an id or an address: nobody else has them.</summary>
internal static class StoredFiles
{
    private const string OpenAI = "openai-";

    /// <summary>Checks that a target can have the files of a call. Costs nothing without media, or where the format's own vendor is asked.</summary>
    /// <remarks>
    /// An id does not say whose it is: it is taken as one of the vendor of the caller's format. Who has uploaded to another one that speaks
    /// the same names it, as <c>provider/model</c>. An address that only its own vendor reads (<c>gs:</c>, Google's Files API) is passed on
    /// to who speaks the caller's format, and to Google; one in Amazon's storage (<c>s3:</c>) to Bedrock.
    /// </remarks>
    /// <exception cref="WireException">It cannot: names the field and the remedy.</exception>
    public static void Check(InboundCall call, IWireFormat target, Provider provider, Deployment deployment)
    {
        if (call.Outline.MediaCount == 0)
        {
            return;
        }

        var isSame = ReferenceEquals(target, call.Format);
        var isKin = isSame || (IsOpenAI(target) && IsOpenAI(call.Format));
        var readsIds = isKin && (provider.ReadsFileIds || string.Equals(call.Outline.Model, deployment.Id, StringComparison.Ordinal) || call.Body.Span.IndexOf("\"file_id\""u8) < 0);
        if (isSame && readsIds)
        {
            return;
        }

        var lost = Find(call.Request.SystemInstructions) ?? call.Request.Messages.Select(message => Find(message.Parts)).FirstOrDefault(static found => found is not null);
        if (lost is not null)
        {
            var field = CallerFields.Media(call.Format.Name, lost);
            throw WireException.Invalid(field, lost is UriPart { Uri: var uri } && !GoogleFiles.Are(uri)
                ? $"'{field}' is neither an http nor an https address, and {deployment.Id} reads no other. Send the file as data."
                : $"'{field}' names a file that was uploaded to another vendor, which {deployment.Id} cannot read. Send the file as data, or name a model of that vendor's as provider/model.");
        }

        ContentPart? Find(IReadOnlyList<ContentPart> parts) => parts
            .Select(part => IsLost(part) ? part : part is ToolCallResponsePart result ? Find(result.Parts) : null)
            .FirstOrDefault(static found => found is not null);

        bool IsLost(ContentPart part) => part switch
        {
            FilePart => !readsIds,
            UriPart { Uri: var uri } => !isSame && (GoogleFiles.Are(uri) ? !IsGoogle(target) : !IsWeb(uri) && !(AmazonFiles.Are(uri) && IsBedrock(target))),
            _ => false,
        };
    }

    // A data: URL is no address: it is the file.
    private static bool IsWeb(string uri) =>
        uri.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
        || uri.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
        || uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static bool IsGoogle(IWireFormat format) => string.Equals(format.Name, GeminiFormat.FormatName, StringComparison.Ordinal);

    private static bool IsBedrock(IWireFormat format) => string.Equals(format.Name, BedrockConverseFormat.FormatName, StringComparison.Ordinal);

    // Its two formats name the same files.
    private static bool IsOpenAI(IWireFormat format) => format.Name.StartsWith(OpenAI, StringComparison.Ordinal);
}
