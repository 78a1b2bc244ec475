using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with a text or a binary value. Immutable, except that the bytes are not copied.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Makes a text entry; the key is lower-cased.</summary>
        /// <exception cref="ArgumentException">
        /// The key is empty, has a character outside <c>a-z 0-9 - _ .</c> or ends in <c>-bin</c>, or the value is not printable ASCII.
        /// </exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = NormalizedKey(key);
            if (HasBinaryKey)
                throw new ArgumentException($"Key '{Key}' ends in {BinaryHeaderSuffix}: its value must be bytes.", nameof(key));
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                throw new ArgumentException($"The value of '{Key}' has a character outside printable ASCII.", nameof(value));
            _text = value;
        }

        /// <summary>Makes a binary entry; the key is lower-cased.</summary>
        /// <exception cref="ArgumentException">The key is malformed or does not end in <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = NormalizedKey(key);
            if (!HasBinaryKey)
                throw new ArgumentException($"Key '{Key}' must end in {BinaryHeaderSuffix} to carry bytes.", nameof(key));
            _bytes = valueBytes;
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            _text = text;
            _bytes = bytes;
        }

        /// <summary>The lower-case key.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => _bytes is not null;

        /// <summary>The text value.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"The value of '{Key}' is binary; read ValueBytes.");

        /// <summary>The value as bytes; a text value in ASCII.</summary>
        public byte[] ValueBytes => _bytes ?? Encoding.ASCII.GetBytes(_text!);

        private bool HasBinaryKey => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>Key and value in one line; the length only for bytes.</summary>
        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={_bytes!.Length} bytes]" : $"[Entry: key={Key}, value={_text}]";

        // What a peer sent was checked by the HTTP layer; only our own callers' input meets the public constructors.
        internal static Entry Received(string key, string text) => new(key, text, null);

        internal static Entry Received(string key, byte[] bytes) => new(key, null, bytes);

        private static string NormalizedKey(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            string lower = key.ToLowerInvariant();
            return lower.AsSpan().ContainsAnyExcept(KeyCharacters)
                ? throw new ArgumentException($"Key '{key}' has a character outside a-z, 0-9, '-', '_' and '.'.", nameof(key))
                : lower;
        }
    }
}
