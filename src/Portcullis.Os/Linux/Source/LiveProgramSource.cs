using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Asks the running kernel for its BPF programs.</summary>
internal sealed unsafe class LiveProgramSource : IProgramSource
{
    private const int InfoLength = 64;
    private const int ProgramInfoLength = 80; // as far as the name

    // A loop over what others load and unload meanwhile must end.
    private const int Most = 1 << 16;

    /// <inheritdoc/>
    public Answer Links(uint kind)
    {
        List<byte> found = [];
        byte[] info = new byte[InfoLength];
        int error = Each(Libc.BPF_LINK_GET_NEXT_ID, Libc.BPF_LINK_GET_FD_BY_ID, descriptor =>
        {
            int refused = BpfQuestion.Info(descriptor, info);
            if (refused == 0 && BitConverter.ToUInt32(info) == kind)
            {
                found.AddRange(info);
            }

            return refused;
        });
        return error == 0 ? Answer.Of(found.ToArray()) : Answer.Refused(error);
    }

    /// <inheritdoc/>
    public Answer Loaded(uint kind)
    {
        List<byte> found = [];
        byte[] info = new byte[ProgramInfoLength];
        int error = Each(Libc.BPF_PROG_GET_NEXT_ID, Libc.BPF_PROG_GET_FD_BY_ID, descriptor =>
        {
            int refused = BpfQuestion.Info(descriptor, info);
            if (refused == 0 && BitConverter.ToUInt32(info) == kind)
            {
                found.AddRange(info.AsSpan(4, 4));
            }

            return refused;
        });
        return error == 0 ? Answer.Of(found.ToArray()) : Answer.Refused(error);
    }

    /// <inheritdoc/>
    public Answer Program(uint id)
    {
        int descriptor = BpfQuestion.ById(Libc.BPF_PROG_GET_FD_BY_ID, id);
        if (descriptor < 0)
        {
            return Answer.Refused(Errno.Last);
        }

        byte[] info = new byte[ProgramInfoLength];
        int error = BpfQuestion.Info(descriptor, info);
        _ = Libc.close(descriptor);
        return error == 0 ? Answer.Of(info) : Answer.Refused(error);
    }

    /// <inheritdoc/>
    public Answer ControlGroup(string mount, ulong id)
    {
        int group = OpenGroup(mount, id);
        if (group < 0)
        {
            return Answer.Refused(Errno.Last);
        }

        const int Longest = 4096; // PATH_MAX of linux/limits.h
        byte* path = stackalloc byte[Longest];
        nint length;
        fixed (byte* link = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{group}\0")))
        {
            length = Libc.readlinkat(Libc.AT_FDCWD, link, path, Longest);
        }

        int error = Errno.Last;
        _ = Libc.close(group);
        return length < 0 ? Answer.Refused(error) : Answer.Of(new ReadOnlySpan<byte>(path, (int)length).ToArray());
    }

    /// <inheritdoc/>
    public Answer GroupPrograms(string mount, ulong id) => Attached(OpenGroup(mount, id), Libc.BPF_F_QUERY_EFFECTIVE);

    /// <inheritdoc/>
    public Answer OwnPrograms(string directory) => Attached(OpenDirectory(directory), 0);

    private static Answer Attached(int group, uint flags)
    {
        if (group < 0)
        {
            return Answer.Refused(Errno.Last);
        }

        Answer answer = BpfQuestion.Attached(group, Libc.BPF_CGROUP_INET_INGRESS, flags);
        _ = Libc.close(group);
        return answer;
    }

    /// <summary>A descriptor of a control group by its number (open_by_handle_at(2)); -1 for an error.</summary>
    private static int OpenGroup(string mount, ulong id)
    {
        int place = OpenDirectory(mount);
        if (place < 0)
        {
            return -1;
        }

        Libc.FileHandle handle = new() { Length = sizeof(ulong), Kind = Libc.FILEID_KERNFS, Id = id };
        int group = Libc.open_by_handle_at(place, &handle, Libc.O_RDONLY | Libc.O_CLOEXEC);
        int error = Errno.Last;
        _ = Libc.close(place);
        Marshal.SetLastPInvokeError(error);
        return group;
    }

    /// <summary>Opens one object after the other; gives 0, or why not all could be told.</summary>
    private static int Each(int next, int open, Func<int, int> look)
    {
        uint id = 0;
        for (int count = 0; count < Most; count++)
        {
            int error = BpfQuestion.Next(next, ref id);
            if (error != 0)
            {
                return error == Errno.ENOENT ? 0 : error; // the end
            }

            int descriptor = BpfQuestion.ById(open, id);
            if (descriptor < 0 && Errno.Last != Errno.ENOENT)
            {
                return Errno.Last;
            }

            error = descriptor < 0 ? 0 : look(descriptor); // gone meanwhile
            _ = descriptor < 0 ? 0 : Libc.close(descriptor);
            if (error != 0)
            {
                return error;
            }
        }

        return Errno.EOVERFLOW;
    }

    private static int OpenDirectory(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            return Libc.open(bytes, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        }
    }
}
