using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Reads and writes requests of one wire format.</summary>
public interface IRequestWire
{
    /// <summary>
    /// Reads in one pass what routing needs, checking that the body is well-formed JSON and that the fields that every
    /// request must have are there and of the right type.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="path">What the address says, for formats that put the model there.</param>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default);

    /// <summary>Reads the whole request; what it does not know stays in <see cref="Extra"/> and <see cref="OpaquePart"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="path">What the address says, for formats that put the model there.</param>
    /// <exception cref="WireException">The body is not a request: names the field and the remedy.</exception>
    ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default);

    /// <summary>
    /// Writes a request of any origin for a target. What the target cannot express is emulated or dropped, and each such
    /// field is added to <paramref name="warnings"/>.
    /// </summary>
    void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings);

    /// <summary>
    /// Whether <see cref="Forward"/> serves a target of this format, answers passed on as they come. False where the
    /// target's quirks demand an emulation that the answer must be read for: then <see cref="Read"/> and <see cref="Write"/> serve.
    /// </summary>
    bool CanForward(RequestOutline outline, WireTarget target) => true;

    /// <summary>
    /// Forwards a body of this same format byte for byte, with the model replaced, the <c>sommelier</c> object cut out
    /// and what the target's quirks demand rewritten in place.
    /// </summary>
    /// <param name="body">The body that <paramref name="outline"/> was made from.</param>
    /// <param name="outline">Where its members stand.</param>
    /// <param name="target">Who it goes to.</param>
    /// <param name="output">Takes the forwarded body.</param>
    /// <param name="warnings">Takes a warning for each field that the quirks change or drop.</param>
    void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings);
}
