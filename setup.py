"""Song 2017, reproduced: what the scripts need."""

from setuptools import setup

LINUX = '; sys_platform == "linux" and platform_machine == "x86_64"'

# What building a kernel takes: pygpu's templates, and NVRTC 12.4, which every
# driver since 550 can read; later ones write PTX that older drivers cannot.
CUDA = ['mako>=1.1', 'nvidia-cuda-nvrtc-cu12==12.4.127' + LINUX]
NVCC = 'nvidia-cuda-nvcc-cu12==12.4.131' + LINUX

setup(
    name='song2017',
    version='0.1.0',
    description='A reproduction of Song 2017: temperature, distillation and '
                'the robustness of CNNs, in Theano and Lasagne',
    license='MIT',
    python_requires='>=3.8,<3.12',
    # Scripts run from the checkout and import what lies beside them, so an
    # installation brings what they need and puts no `data` or `errors` into
    # other people's site-packages.
    packages=[],
    py_modules=[],
    install_requires=[
        'Theano==1.0.5',
        'Lasagne==0.1',
        # Theano 1.0.5 does not import under 1.24 and cannot compile under 2.
        'numpy>=1.22,<1.24',
        'scipy>=1.8,<1.11',
        'scipy-openblas32>=0.3.21,<0.4',
        # Those of the 3.x interface that need nothing but libgomp.
        'onednn-cpu-gomp>=2023.1,<2024' + LINUX,
        'onednn-devel-cpu-gomp>=2023.1,<2024' + LINUX,
        'matplotlib>=3.7,<3.8',
        # Caffe's weights; PASS. Python 3.8 has none after 3.11 and 0.21.
        'h5py>=3.7,<3.12',
        'opencv-python-headless>=4.6,<4.9',
        'scikit-image>=0.19,<0.22',
        'scikit-learn>=1.1,<1.4',
        'pillow>=9',
        'tqdm>=4.60',
        # For the report; distributed brings it, too.
        'jinja2>=3,<4',
        # Python 3.8 has none after 2023.5.
        'distributed>=2023.3,<2025',
    ],
    extras_require={
        'bench': ['torch==2.13.0'],
        # pygpu 0.7.6 itself is in Debian 12 alone (docs/machine.md).
        'cuda': CUDA + [
            'nvidia-cublas-cu12==12.4.5.8' + LINUX,
            'nvidia-cudnn-cu12==8.9.7.29' + LINUX,
            # cuDNN's header includes those of CUDA, which lie in these two.
            'nvidia-cuda-runtime-cu12==12.4.127' + LINUX,
            NVCC],
        'test': ['pytest>=7', 'pytest-xdist>=3', 'hypothesis>=6',
                 'mpmath>=1.2', 'ruff>=0.4',
                 # Python 3.8 has none after 4.27.
                 'selenium>=4.10,<4.28'] + CUDA + [
            # ptxas, which assembles the kernels where there is no GPU.
            NVCC],
    },
)
