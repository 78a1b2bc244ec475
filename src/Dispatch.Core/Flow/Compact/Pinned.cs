namespace TrafficDispatch.Flow.Compact;

/// <summary>An array that never moves, with its address: the kernels' inner loops go without bounds checks.</summary>
/// <remarks>The array keeps the memory alive; a holder of <see cref="At"/> must hold this object, too.</remarks>
internal sealed unsafe class Pinned<T>
    where T : unmanaged
{
    /// <summary>Allocates items of value zero.</summary>
    public Pinned(int length)
    {
        Items = GC.AllocateArray<T>(Math.Max(1, length), pinned: true);
        At = (T*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref Items[0]);
        Length = length;
    }

    /// <summary>The items; one even when the length is zero.</summary>
    public T[] Items { get; }

    /// <summary>Address of the first item.</summary>
    public T* At { get; }

    /// <summary>Number of items asked for.</summary>
    public int Length { get; }

    /// <summary>The items asked for.</summary>
    public Span<T> Span => Items.AsSpan(0, Length);
}
